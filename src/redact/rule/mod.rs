//! The rules that recognise secrets. Each reads a whole text in time that grows with its length, and only finds.

mod argument;
mod form;
mod header;
mod login;
mod named;
mod pair;
mod pem;
mod url;
mod word;
pub(super) mod xml;

use crate::redact::span::Found;

/// Every rule. Attributes that the reader of XML has seen are not read again as `name=value`.
pub(super) fn all(found: &mut Found<'_>) {
    let attributes = xml::find(found);
    named::find(found, &attributes);
    pair::find(found);
    header::find(found);
    url::find(found);
    login::find(found);
    argument::find(found);
    pem::find(found);
    form::find(found);
}
