//! Trust stores as files: Java's own form, and PKCS#12 without a password, as Java's `cacerts` has been since JDK 18.

/// As `keytool` writes it, but for the check value at the end, which nobody reads.
pub fn jks(certificates: &[&[u8]]) -> Vec<u8> {
    let number = |number: usize| {
        u32::try_from(number)
            .expect("it is short")
            .to_be_bytes()
            .to_vec()
    };
    let mut store = [
        vec![0xfe, 0xed, 0xfe, 0xed],
        number(2),
        number(certificates.len()),
    ]
    .concat();
    for certificate in certificates {
        store.extend(number(2));
        store.extend(b"\0\x02ca");
        store.extend([0; 8]);
        store.extend(b"\0\x05X.509");
        store.extend(number(certificate.len()));
        store.extend(*certificate);
    }
    store.extend([0; 20]);
    store
}

/// Every certificate with Java's mark of trust.
pub fn pkcs12(certificates: &[&[u8]]) -> Vec<u8> {
    const PLAIN: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    const BAG: &[u8] = &[
        0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x03,
    ];
    const X509: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
    const TRUSTED: &[u8] = &[
        0x60, 0x86, 0x48, 0x01, 0x86, 0xf9, 0x66, 0xad, 0xca, 0x7b, 0x01, 0x01,
    ];
    const FOR_ALL: &[u8] = &[0x55, 0x1d, 0x25, 0x00];

    let plain = |bytes: &[u8]| {
        let content = der(0xa0, &der(0x04, bytes));
        der(0x30, &[der(0x06, PLAIN), content].concat())
    };
    let bag = |certificate: &&[u8]| {
        let value = [der(0x06, X509), der(0xa0, &der(0x04, certificate))].concat();
        let mark = [der(0x06, TRUSTED), der(0x31, &der(0x06, FOR_ALL))].concat();
        let parts = [
            der(0x06, BAG),
            der(0xa0, &der(0x30, &value)),
            der(0x31, &der(0x30, &mark)),
        ];
        der(0x30, &parts.concat())
    };
    let bags: Vec<u8> = certificates.iter().flat_map(bag).collect();
    let parts = der(0x30, &plain(&der(0x30, &bags)));
    der(0x30, &[der(0x02, &[3]), plain(&parts)].concat())
}

/// One value in DER.
pub fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match u8::try_from(length) {
        Ok(length @ 0..0x80) => vec![tag, length],
        Ok(length) => vec![tag, 0x81, length],
        Err(_) => {
            let length = u16::try_from(length).expect("it is short").to_be_bytes();
            vec![tag, 0x82, length[0], length[1]]
        }
    };
    [&head, content].concat()
}
