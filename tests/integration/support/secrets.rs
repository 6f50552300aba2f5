//! Secrets of many kinds, as they stand in files, replies and on command lines.

/// Where a secret stands, with `SECRET` for it. A line each, unless it has breaks.
pub const PLACES: [&str; 34] = [
    r#"<parameter name="mid.instance.password" value="SECRET"/>"#,
    r#"<parameter value='SECRET' name='mid.proxy.password' secure='true'/>"#,
    "<parameter\n  name=\"db.password\"\n  value=\"SECRET\"/>",
    "<parameter value=\"SECRET\"\n name=\"db.password\"/>",
    r#"<parameter name="mid.instance.password" value="encrypted:SECRET"/>"#,
    "<password>SECRET</password>",
    "<ns:apiToken type=\"x\">SECRET</ns:apiToken>",
    "password=SECRET",
    "db.passwd : SECRET",
    "DB_PWD='SECRET with blanks'",
    "passphrase := \"SECRET\"",
    r#"{"user":"a","clientSecret":"SECRET","x":1}"#,
    "client_secret: SECRET",
    "Authorization: Basic SECRET",
    "> authorization: Bearer SECRET",
    "Proxy-Authorization: SECRET",
    r#"headers={"Authorization": "token SECRET"}"#,
    "Cookie: JSESSIONID=SECRET; glide_user=SECRET",
    "Set-Cookie: BIGipServer=SECRET; Path=/",
    "https://user:SECRET@proxy.example:3128/",
    "http://x.example/a?access_token=SECRET&b=1",
    "jdbc:oracle:thin:scott/SECRET@//db:1521/x",
    "java -jar x.jar -password SECRET -v",
    "tool --token SECRET",
    "tool -p SECRET",
    "mysql -uroot -pSECRET db",
    "curl -u mid.user:SECRET https://x.example",
    "-----BEGIN RSA PRIVATE KEY-----\nSECRET\nSECRETab\n-----END RSA PRIVATE KEY-----",
    "X-UserToken: SECRET",
    "sessionid=SECRET",
    "ConvertTo-SecureString SECRET -AsPlainText -Force",
    "das Passwort ist SECRET",
    "keystore.storepass=SECRET",
    "community: SECRET",
];

/// Each gets its own, so that a place that leaks is known.
pub fn secret(at: usize) -> String {
    format!("Hu5h{at:02}Qx9Zv")
}
