//! The pure state machine of a walk.
