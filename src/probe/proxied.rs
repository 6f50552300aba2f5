//! What the kinds say of themselves alike that reach a server through a proxy: `tcp`, `tls`, `http`.

use super::{FactSpec, ParamSpec, ParamType, Role};

/// The parameter that names the proxy.
pub(super) const VIA: ParamSpec = ParamSpec {
    name: "via",
    ty: ParamType::Via,
    role: Role::Sent,
    required: false,
    doc: "a proxy: address, user, password; an empty address means direct; `socks5://` before the address means SOCKS with \
          names resolved here, `socks5h://` by the proxy",
};

/// With what the proxy refused.
pub(super) const STATUS: FactSpec = FactSpec {
    name: "proxy_status",
    doc: "the proxy's status where it refused; of a SOCKS proxy its code",
};

/// How to log in at the proxy.
pub(super) const SCHEMES: FactSpec = FactSpec {
    name: "schemes",
    doc: "the logins that the proxy offers where it refused",
};
