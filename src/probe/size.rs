//! Sizes as people write them. `KB`, `MB`, `GB`, `TB` count in thousands, `KiB`, `MiB`, `GiB`, `TiB` in 1024s.

/// Bytes of `500MB`, `1.5 GiB` or `1048576`; upper and lower case are one. A letter alone (`2G`) is refused, since
/// tools disagree on what it means.
pub fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let bytes = whole.parse::<u64>().ok()?.checked_mul(factor)?;
    if part.is_empty() {
        return (!number.ends_with('.')).then_some(bytes);
    }
    if part.len() > 9 {
        return None;
    }
    let share = u128::from(part.parse::<u64>().ok()?) * u128::from(factor)
        / 10_u128.pow(u32::try_from(part.len()).ok()?);
    bytes.checked_add(u64::try_from(share).ok()?)
}

/// For a reader, in thousands, with one digit after the point: `1.5 GB`.
pub fn show(bytes: u64) -> String {
    let units = [
        (1_000_000_000_000, "TB"),
        (1_000_000_000, "GB"),
        (1_000_000, "MB"),
        (1_000, "kB"),
    ];
    match units.iter().find(|(factor, _)| bytes >= *factor) {
        // Cut and not rounded, so that what is too little by a hair does not read as enough.
        Some((factor, unit)) => format!(
            "{}.{} {unit}",
            bytes / factor,
            bytes % factor / (factor / 10)
        ),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        let check = |text, expected| assert_eq!(parse(text), expected, "{text}");
        check("0", Some(0));
        check("1048576", Some(1_048_576));
        check("12 b", Some(12));
        check("500MB", Some(500_000_000));
        check("2 GB", Some(2_000_000_000));
        check("2GiB", Some(2_147_483_648));
        check("1.5kib", Some(1536));
        check("0.25TB", Some(250_000_000_000));
        check("", None);
        check("GB", None);
        check("2G", None);
        check("-1GB", None);
        check("1.GB", None);
        check(".5GB", None);
        check("1.2.3GB", None);
        check("99999999999TB", None);
        check("two GB", None);
    }

    #[test]
    fn sizes_are_shown() {
        let check = |bytes, expected| assert_eq!(show(bytes), expected);
        check(0, "0 bytes");
        check(999, "999 bytes");
        check(1_000, "1.0 kB");
        check(1_999_999_999, "1.9 GB");
        check(2_000_000_000, "2.0 GB");
        check(3_250_000_000_000, "3.2 TB");
    }
}
