//! Facts as data: JSON's values, and one more, the secret.

use std::fmt;

use indexmap::IndexMap;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

/// Facts by name, in the order in which the kind gives them.
pub type Facts = IndexMap<String, Value>;

/// One fact. Serialised it is plain JSON; a secret is then a map with its token under [`FORGOTTEN`], so that what is read
/// back is a secret again, though a forgotten one. For people there is [`Value::shown`].
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// Can be tested in an expression, never printed.
    Secret(Secret),
    List(Vec<Value>),
    Map(Facts),
}

/// The key under which a secret's token is written down.
pub const FORGOTTEN: &str = "‹secret›";

/// A value that lives in memory alone. Whatever shows it shows its token.
#[derive(Clone)]
pub struct Secret {
    /// `None` where only the token was kept.
    value: Option<SecretString>,
    /// What stands in its place, such as `encrypted:‹secret-1 base64›`. The redactor gives it; before that it is `‹secret›`.
    token: String,
}

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: Some(SecretString::from(value.into())),
            token: "‹secret›".to_owned(),
        }
    }

    /// A secret of which only what was shown in its place is known: it was written down and read back. Where nothing in it
    /// stood for a secret, such as in a placeholder, it is whole.
    pub fn forgotten(token: impl Into<String>) -> Self {
        let token = token.into();
        let whole = !token.contains("‹secret");
        Self {
            value: whole.then(|| SecretString::from(token.clone())),
            token,
        }
    }

    /// The same secret with what is shown in its place.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// What is shown in its place.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The value itself: for tests in expressions, for the redactor and for a login, nowhere else. `None` where it is
    /// forgotten.
    pub fn expose(&self) -> Option<&str> {
        self.value.as_ref().map(ExposeSecret::expose_secret)
    }
}

/// Whether they are known to be the same: a forgotten one has its token only.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        match (self.expose(), other.expose()) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.token == other.token,
            _ => false,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.token)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.token)
    }
}

impl Value {
    /// The text, where it is text; never a secret's.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Plain JSON for people and other programs: a secret is its token.
    pub fn shown(&self) -> serde_json::Value {
        match self {
            Value::Secret(secret) => secret.token().into(),
            Value::List(list) => list.iter().map(Value::shown).collect(),
            Value::Map(map) => shown(map),
            plain => serde_json::to_value(plain).unwrap_or_default(),
        }
    }

    /// What stands under `key`, where it is a map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(map) => map.get(key),
            _ => None,
        }
    }
}

/// Facts as [`Value::shown`] shows them.
pub fn shown(facts: &Facts) -> serde_json::Value {
    let shown = facts
        .iter()
        .map(|(name, value)| (name.clone(), value.shown()));
    serde_json::Value::Object(shown.collect())
}

macro_rules! value_from {
    ($($from:ty => $variant:ident as $into:ty;)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Value::$variant(<$into>::from(value))
            }
        }
    )*};
}
value_from! {
    bool => Bool as bool;
    i64 => Int as i64;
    u32 => Int as i64;
    u16 => Int as i64;
    f64 => Float as f64;
    &str => Text as String;
    String => Text as String;
    Vec<Value> => List as Vec<Value>;
    Facts => Map as Facts;
    Secret => Secret as Secret;
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::Text(value) => serializer.serialize_str(value),
            Value::Secret(secret) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(FORGOTTEN, secret.token())?;
                map.end()
            }
            Value::List(list) => list.serialize(serializer),
            Value::Map(map) => map.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(serde_json::Value::deserialize(deserializer)?.into())
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Bool(value),
            serde_json::Value::Number(number) => number.as_i64().map_or_else(
                || Value::Float(number.as_f64().unwrap_or(f64::NAN)),
                Value::Int,
            ),
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(list) => {
                Value::List(list.into_iter().map(Value::from).collect())
            }
            serde_json::Value::Object(map) if map.len() == 1 && map.contains_key(FORGOTTEN) => {
                let token = map.get(FORGOTTEN).and_then(serde_json::Value::as_str);
                Value::Secret(Secret::forgotten(token.unwrap_or_default()))
            }
            serde_json::Value::Object(map) => Value::Map(
                map.into_iter()
                    .map(|(key, value)| (key, Value::from(value)))
                    .collect(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Value::from(Secret::new("hunter2").with_token("‹secret-1›"));
        assert_eq!(format!("{secret:?}"), "Secret(‹secret-1›)");
        assert_eq!(secret.shown(), "‹secret-1›");
        assert_eq!(
            serde_json::to_string(&secret).ok().as_deref(),
            Some(r#"{"‹secret›":"‹secret-1›"}"#)
        );
    }

    #[test]
    fn a_secret_that_is_read_back_is_a_forgotten_one() {
        let again = |secret: Secret| -> Value {
            let text = serde_json::to_string(&Value::from(secret)).expect("a value is JSON");
            serde_json::from_str(&text).expect("it was written by this program")
        };
        let Value::Secret(secret) =
            again(Secret::new("encrypted:x").with_token("encrypted:‹secret-1›"))
        else {
            panic!("it became something else");
        };
        assert_eq!(
            (secret.expose(), secret.token()),
            (None, "encrypted:‹secret-1›")
        );
        assert_eq!(secret, Secret::forgotten("encrypted:‹secret-1›"));
        assert_ne!(secret, Secret::forgotten("encrypted:‹secret-2›"));
        assert_ne!(secret, Secret::new("encrypted:x"));
        // Nothing of it was hidden.
        for text in ["", "YOUR_PASSWORD_HERE"] {
            assert_eq!(
                again(Secret::new(text).with_token(text)),
                Secret::new(text).into()
            );
        }
    }

    #[test]
    fn a_value_survives_json_and_keeps_its_order() {
        let text = r#"{"z":1,"a":[true,null,"x",1.5]}"#;
        let value: Value = serde_json::from_str(text).expect("valid JSON in this test");
        assert_eq!(serde_json::to_string(&value).ok().as_deref(), Some(text));
    }
}
