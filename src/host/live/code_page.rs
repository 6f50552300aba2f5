//! What a program prints becomes text. On Windows programs print in the code page of the console, which encodings of the
//! web do not have; elsewhere in UTF-8. Never fails: what cannot be decoded becomes U+FFFD.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, IBM866, SHIFT_JIS, UTF_8, UTF_16LE, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
    WINDOWS_1257, WINDOWS_1258,
};

/// UTF-8 by Windows' number.
const UTF8: u32 = 65001;

/// The code page that this machine's programs print in where they print no UTF-8.
#[cfg(windows)]
pub(super) fn of_programs() -> u32 {
    const NLS: &str = r"SYSTEM\CurrentControlSet\Control\Nls\CodePage";

    let said = windows_registry::LOCAL_MACHINE
        .open(NLS)
        .and_then(|key| key.get_string("OEMCP"));
    said.ok()
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(UTF8)
}

/// The code page that this machine's programs print in where they print no UTF-8.
#[cfg(not(windows))]
pub(super) const fn of_programs() -> u32 {
    UTF8
}

/// Decodes what a program printed: UTF-8 where the bytes are UTF-8, UTF-16 where it begins with its mark or looks so,
/// else the code page. Line ends become `\n`.
pub(super) fn text(bytes: &[u8], page: u32) -> String {
    let text = match std::str::from_utf8(bytes) {
        // NULs in a text betray UTF-16 of Latin letters, which is good UTF-8 as well.
        Ok(text) if page == UTF8 || !is_utf16(bytes) => text.trim_start_matches('\u{feff}').into(),
        _ if page != UTF8 && is_utf16(bytes) => UTF_16LE.decode_with_bom_removal(bytes).0,
        _ => match (table(page), encoding(page)) {
            (Some(high), _) => bytes.iter().map(|byte| letter(*byte, high)).collect(),
            (None, encoding) => encoding.decode_without_bom_handling(bytes).0,
        },
    };
    match page {
        UTF8 => text.into_owned(),
        _ => text.replace("\r\n", "\n"),
    }
}

/// Some of Windows' programs print UTF-16 into a pipe, with a mark or without.
fn is_utf16(bytes: &[u8]) -> bool {
    let odd = bytes.iter().take(1024).skip(1).step_by(2);
    let (all, nuls) = odd.fold((0, 0), |(all, nuls), byte| {
        (all + 1, nuls + usize::from(*byte == 0))
    });
    bytes.starts_with(b"\xff\xfe") || (all > 0 && nuls * 10 >= all * 4)
}

fn letter(byte: u8, high: &str) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(place) => high.chars().nth(place.into()).unwrap_or('\u{fffd}'),
    }
}

/// The pages that encodings of the web hold; others are read as UTF-8, with what is none replaced.
fn encoding(page: u32) -> &'static Encoding {
    match page {
        866 => IBM866,
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 => GBK,
        949 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        _ => UTF_8,
    }
}

fn table(page: u32) -> Option<&'static str> {
    let found = TABLES.iter().find(|(number, _)| *number == page)?;
    Some(found.1)
}

/// The letters of the bytes from 0x80 on, of those pages of consoles that encodings of the web lack. By Unicode's
/// mapping tables (`VENDORS/MICSFT/PC`); 858 is 850 with the euro sign.
const TABLES: &[(u32, &str)] = &[
    // United States
    (
        437,
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
         └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    ),
    // Greek
    (
        737,
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
         └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u{a0}",
    ),
    // Baltic
    (
        775,
        "ĆüéāäģåćłēŖŗīŹÄÅÉæÆōöĢ¢ŚśÖÜø£Ø×¤ĀĪóŻżź”¦©®¬½¼Ł«»░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐\
         └┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀ÓßŌŃõÕµńĶķĻļņĒŅ’\u{ad}±“¾¶§÷„°∙·¹³²■\u{a0}",
    ),
    // Western Europe
    (
        850,
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
         └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    ),
    // Central Europe
    (
        852,
        "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
         └┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
    ),
    // Turkish
    (
        857,
        "ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
         └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\u{fffd}ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\u{fffd}×ÚÛÙìÿ¯´\u{ad}±\u{fffd}¾¶§÷¸°¨·¹³²■\u{a0}",
    ),
    // Western Europe with the euro
    (
        858,
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
         └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    ),
    // Portuguese
    (
        860,
        "ÇüéâãàÁçêÊèÍÔìÃÂÉÀÈôõòÚùÌÕÜ¢£Ù₧ÓáíóúñÑªº¿Ò¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
         └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    ),
    // Icelandic
    (
        861,
        "ÇüéâäàåçêëèÐðÞÄÅÉæÆôöþûÝýÖÜø£Ø₧ƒáíóúÁÍÓÚ¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
         └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    ),
    // Hebrew
    (
        862,
        "אבגדהוזחטיךכלםמןנסעףפץצקרשת¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
         └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    ),
    // French of Canada
    (
        863,
        "ÇüéâÂà¶çêëèïî‗À§ÉÈÊôËÏûù¤ÔÜ¢£ÙÛƒ¦´óú¨¸³¯Î⌐¬½¼¾«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
         └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    ),
    // Nordic
    (
        865,
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø₧ƒáíóúñÑªº¿⌐¬½¼¡«¤░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
         └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_letter_for_each_byte() {
        for (page, high) in TABLES {
            assert_eq!(high.chars().count(), 128, "{page}");
        }
    }

    #[test]
    fn what_programs_print_is_read_in_their_page() {
        #[track_caller]
        fn check(page: u32, bytes: &[u8], expected: &str) {
            assert_eq!(text(bytes, page), expected, "{page}");
        }
        check(850, b"gr\x81n \x9b\xe1", "grün øß");
        check(437, b"gr\x81n \x9b\xe1", "grün ¢ß");
        check(850, b"\xd5", "ı");
        check(858, b"\xd5", "€");
        check(852, b"\xa5\x88", "ął");
        check(857, b"\x8d\xa7", "ığ");
        check(866, b"\x8f\xe0\xa8", "При");
        check(932, b"\x93\xfa\x96\x7b", "日本");
        check(936, b"\xd6\xd0", "中");
        check(949, b"\xc7\xd1", "한");
        check(950, b"\xa4\xa4", "中");
        check(1252, b"\x80 \xfc", "€ ü");
        // A page that nobody knows: nothing is made up.
        check(1, b"a\x81", "a\u{fffd}");
    }

    #[test]
    fn utf_is_read_in_any_page() {
        #[track_caller]
        fn check(page: u32, bytes: &[u8], expected: &str) {
            assert_eq!(text(bytes, page), expected, "{page}");
        }
        let utf16 =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        for page in [437, 850, 932, 1252] {
            check(page, "grün 日本".as_bytes(), "grün 日本");
            check(page, b"\xef\xbb\xbfa", "a");
            check(page, &utf16("a b\r\n"), "a b\n");
            check(page, &utf16("\u{feff}grün"), "grün");
            check(page, b"", "");
        }
        check(UTF8, b"gr\x81n", "gr\u{fffd}n");
    }

    #[test]
    fn lines_of_windows_end_as_others_do() {
        assert_eq!(text(b"a\r\nb\r\n", 850), "a\nb\n");
        // A carriage return of its own draws over a line: it stays.
        assert_eq!(text(b"a\rb\r\n", 437), "a\rb\n");
        // Elsewhere what was printed is what was printed.
        assert_eq!(text(b"a\r\n", UTF8), "a\r\n");
    }
}
