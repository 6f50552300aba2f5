//! How a handshake ended before its end, from the error beneath it.

use std::io;

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

use crate::{
    finding::{Reason, Unknown},
    host::{BrokeOff, Broken},
};

/// # Errors
/// A bound of the TLS library, and errors of the system that say nothing of the other side.
pub(super) fn by(error: &io::Error, asked: bool) -> Result<BrokeOff, Unknown> {
    use io::ErrorKind as Kind;

    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>());
    let (how, detail) = match (inner, error.kind()) {
        (Some(error), _) => (of_tls(error, asked)?, error.to_string()),
        (
            None,
            Kind::UnexpectedEof
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::BrokenPipe,
        ) if asked => (Broken::CertificateWanted, error.to_string()),
        (
            None,
            Kind::UnexpectedEof
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::BrokenPipe,
        ) => (Broken::HungUp, error.to_string()),
        (None, Kind::TimedOut) => (Broken::Silent, error.to_string()),
        (None, _) => return Err(Unknown::new(Reason::Other, error.to_string())),
    };
    Ok(BrokeOff { how, detail })
}

fn of_tls(error: &Error, asked: bool) -> Result<Broken, Unknown> {
    Ok(match error {
        Error::InvalidMessage(
            InvalidMessage::CertificatePayloadTooLarge
            | InvalidMessage::HandshakePayloadTooLarge
            | InvalidMessage::MessageTooLarge,
        ) => {
            let why = "the server's part of the handshake is larger than 64 KiB";
            return Err(Unknown::new(Reason::NotWhole, why));
        }
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => Broken::NotTls,
        Error::PeerIncompatible(_) => Broken::NothingInCommon,
        Error::InvalidCertificate(CertificateError::BadSignature) => Broken::NotProven,
        Error::AlertReceived(alert) => match alert {
            AlertDescription::UnrecognisedName => Broken::NameNotServed,
            AlertDescription::CertificateRequired => Broken::CertificateWanted,
            AlertDescription::HandshakeFailure
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
                if asked =>
            {
                Broken::CertificateWanted
            }
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity => Broken::NothingInCommon,
            _ => Broken::Refused,
        },
        _ => Broken::Faulty,
    })
}
