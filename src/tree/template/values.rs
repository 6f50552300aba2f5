//! Values on their way into MiniJinja and back. A secret goes in as an object that shows its token and nothing else.

use std::{fmt, sync::Arc};

use minijinja::{
    Error, ErrorKind, Value as Jinja,
    value::{Enumerator, Object, ObjectRepr, ValueKind},
};

use crate::{
    finding::{Facts, Secret, Value},
    tree::template::version::Version,
};

/// A secret in an expression. Only [`super::checks`] looks at its text.
pub struct SecretValue(pub Secret);

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.token())
    }
}

impl Object for SecretValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        // One that is forgotten had something to hide.
        self.0.expose().is_none_or(|text| !text.is_empty())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.token())
    }
}

/// A `url` input: its parts by name, printed whole its address.
#[derive(Debug)]
pub struct UrlValue {
    pub address: String,
    parts: Facts,
}

impl Object for UrlValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        self.parts.get(key.as_str()?).map(to_jinja)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(
            self.parts
                .keys()
                .map(|key| Jinja::from(key.as_str()))
                .collect(),
        )
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.address.is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// A step's rendered Markdown: the one value that is inserted as it is.
#[derive(Debug)]
pub struct MarkdownValue(pub String);

impl Object for MarkdownValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A fact as MiniJinja sees it. What is null is absent: a missing line must never read as something.
pub fn to_jinja(value: &Value) -> Jinja {
    match value {
        Value::Null => Jinja::UNDEFINED,
        Value::Bool(value) => Jinja::from(*value),
        Value::Int(value) => Jinja::from(*value),
        Value::Float(value) => Jinja::from(*value),
        Value::Text(text) => Jinja::from(text.as_str()),
        Value::Secret(secret) => Jinja::from_object(SecretValue(secret.clone())),
        Value::List(list) => Jinja::from(list.iter().map(to_jinja).collect::<Vec<_>>()),
        Value::Map(map) => Jinja::from_pairs(
            map.iter()
                .map(|(key, value)| (key.as_str(), to_jinja(value))),
        ),
    }
}

/// An input as MiniJinja sees it: a map is a `url` input.
pub fn input(value: &Value) -> Jinja {
    match value {
        Value::Map(parts) if parts.contains_key("url") => Jinja::from_object(UrlValue {
            address: parts
                .get("url")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            parts: parts.clone(),
        }),
        other => to_jinja(other),
    }
}

/// An expression's value as a fact.
pub fn from_jinja(value: &Jinja) -> Result<Value, Error> {
    if let Some(secret) = value.downcast_object_ref::<SecretValue>() {
        return Ok(Value::Secret(secret.0.clone()));
    }
    if let Some(url) = value.downcast_object_ref::<UrlValue>() {
        return Ok(Value::Map(url.parts.clone()));
    }
    Ok(match value.kind() {
        ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::None => Value::Null,
        ValueKind::Bool => Value::Bool(value.is_true()),
        ValueKind::Number => value.as_i64().filter(|_| value.is_integer()).map_or_else(
            || Value::Float(f64::try_from(value.clone()).unwrap_or(f64::NAN)),
            Value::Int,
        ),
        ValueKind::Seq | ValueKind::Iterable => {
            let mut list = Vec::new();
            for item in value.try_iter()? {
                list.push(if item.is_undefined() {
                    Value::Null
                } else {
                    from_jinja(&item)?
                });
            }
            Value::List(list)
        }
        ValueKind::Map => {
            let mut map = Facts::new();
            for key in value.try_iter()? {
                let item = value.get_item(&key)?;
                map.insert(
                    key.to_string(),
                    if item.is_undefined() {
                        Value::Null
                    } else {
                        from_jinja(&item)?
                    },
                );
            }
            Value::Map(map)
        }
        _ => Value::Text(value.to_string()),
    })
}

/// What is printed for a value. A missing one cannot be printed.
pub fn printed(value: &Jinja) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::Bool => Ok(if value.is_true() { "true" } else { "false" }.to_owned()),
        _ => Ok(value.to_string()),
    }
}

/// A value as text for a test: a secret's own, since a test tells one bit and shows nothing. None for one that is forgotten.
pub fn tested(value: &Jinja) -> Option<&str> {
    if let Some(secret) = value.downcast_object_ref::<SecretValue>() {
        return secret.0.expose();
    }
    if let Some(url) = value.downcast_object_ref::<UrlValue>() {
        return Some(&url.address);
    }
    value.as_str()
}

pub fn is_secret(value: &Jinja) -> bool {
    value.downcast_object_ref::<SecretValue>().is_some()
}

/// What is left of a secret whose text was not kept.
pub fn forgotten(value: &Jinja) -> Option<&Secret> {
    let secret = &value.downcast_object_ref::<SecretValue>()?.0;
    secret.expose().is_none().then_some(secret)
}

pub fn version(value: &Jinja) -> Option<&Version> {
    value.downcast_object_ref::<Version>()
}
