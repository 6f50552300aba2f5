//! Values over several lines, by example.

use super::check;

#[test]
fn of_properties() {
    check(
        "a.password=\\\n  hush7\nb=1\n",
        "a.password=‹secret-1›\n\nb=1\n",
    );
    check(
        "a.password=hu\\\r\n sh7\r\nb=1\r\n",
        "a.password=‹secret-1›\r\n\r\nb=1\r\n",
    );
    check(
        "a.password: h\\\n u\\\n sh\nb=1",
        "a.password: ‹secret-1›\n\n\nb=1",
    );
    // The backslash is quoted itself.
    check("a.password=hush\\\\\nb=1\n", "a.password=‹secret-1›\nb=1\n");
    check("a.password=hush7\\", "a.password=‹secret-1›");
}

#[test]
fn of_yaml() {
    check(
        "x:\n  password: |\n    hush7\n    two8\n  b: 1\n",
        "x:\n  password: |\n    ‹secret-1›\n    ‹secret-2›\n  b: 1\n",
    );
    check(
        "- password: >-\n\n    hush7\n- b: 1\n",
        "- password: >-\n\n    ‹secret-1›\n- b: 1\n",
    );
    check("password: |\nb: 1\n", "password: ‹secret-1›\nb: 1\n");
}

#[test]
fn of_powershell() {
    check(
        "$password = @'\nhush7\n'@\n$b = 1\n",
        "$password = @'\n‹secret-1›\n'@\n$b = 1\n",
    );
    check(
        "$password = @\"\r\nhush7\r\n\"@\r\n",
        "$password = @\"\r\n‹secret-1›\r\n\"@\r\n",
    );
}

#[test]
fn of_a_word_within_a_line() {
    check(
        "java -Dkey.password=hush\\\n  two8 -Dx=1\n",
        "java -Dkey.password=‹secret-1›\\\n  ‹secret-2› -Dx=1\n",
    );
    check(
        "a=-Dpassword=hu\\\r\nsh\\\r\n 77\r\nb=1\r\n",
        "a=-Dpassword=‹secret-1›\\\r\n‹secret-2›\\\r\n ‹secret-3›\r\nb=1\r\n",
    );
    // The word had ended before the backslash, or the backslash is quoted, or nothing follows.
    check(
        "run --password=hush7 \\\n  --user=x\n",
        "run --password=‹secret-1› \\\n  --user=x\n",
    );
    check(
        "run --password=hush7\\\n  --user=x\n",
        "run --password=‹secret-1›\\\n  --user=x\n",
    );
    check(
        "a=-Dpassword=hush\\\\\nb=1\n",
        "a=-Dpassword=‹secret-1›\nb=1\n",
    );
    check("a=-Dpassword=hush7\\", "a=-Dpassword=‹secret-1›\\");
}
