//! Keys in, pages and tasks out, with real trees and the real engine; only the runtime is a stand-in.

mod copies;
mod desk;
mod forms;
mod names;
mod pastes;
mod reports;
mod several;
mod starts;
mod walks;
