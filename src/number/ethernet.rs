//! Ethernet addresses, as six bytes in hexadecimal.

/// Reads `02:00:00:00:00:01`.
pub fn mac_address(text: &str) -> Option<[u8; 6]> {
    let mut address = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut address {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(address)
}
