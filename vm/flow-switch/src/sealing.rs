//! Texts that only the owner of a key can read: `encrypt(x, key)`.
//!
//! Sealed boxes of X25519, XSalsa20 and Poly1305 as libsodium makes and opens them (`crypto_box_seal`), in base64.
//! Chance is passed in: each box takes a fresh key of its own, drawn from the deployment's secret and a count, so
//! that the same switch with the same inputs makes the same boxes, and nobody without that secret can foretell one.

use crypto_box::PublicKey;
use crypto_box::aead::rand_core::{CryptoRng, Error, RngCore};
use flow_bytecode::base64;
use sha2::{Digest, Sha256};

/// The longest text that is encrypted: its box in base64 still fits into a text.
const GREATEST_TEXT: usize = 3000;

/// Where the keys of boxes come from.
#[derive(Debug, Clone)]
pub(crate) struct Sealing {
    secret: [u8; 32],
    made: u64,
}

/// The bytes of one box: blocks of SHA-256 over the secret, which box it is, and which block.
struct Chance {
    secret: [u8; 32],
    of: u64,
    block: u64,
}

impl Sealing {
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        Self { secret, made: 0 }
    }

    /// The box of a text; `None` when the key is none or the text too long.
    pub(crate) fn seal(&mut self, text: &str, key: &str) -> Option<String> {
        let key = PublicKey::from(base64::public_key(key)?);
        if text.len() > GREATEST_TEXT {
            return None;
        }
        self.made += 1;
        let mut chance = Chance { secret: self.secret, of: self.made, block: 0 };
        Some(base64::encode(&key.seal(&mut chance, text.as_bytes()).ok()?))
    }
}

impl RngCore for Chance {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(b"flowc sealed box");
            hash.update(self.secret);
            hash.update(self.of.to_le_bytes());
            hash.update(self.block.to_le_bytes());
            self.block += 1;
            part.copy_from_slice(&hash.finalize()[..part.len()]);
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Chance {}

#[cfg(test)]
mod tests {
    use crypto_box::SecretKey;

    use super::*;

    #[test]
    fn only_the_owner_of_the_key_reads_it() {
        let owner = SecretKey::from([7; 32]);
        let key = base64::encode(owner.public_key().as_bytes());
        let mut sealing = Sealing::new([1; 32]);
        let sealed = sealing.seal("4111111111111111", &key).expect("a good key");
        let bytes = base64::decode(&sealed).expect("base64");
        assert_eq!(owner.unseal(&bytes).as_deref(), Ok(&b"4111111111111111"[..]));
        assert!(SecretKey::from([8; 32]).unseal(&bytes).is_err());
        assert_ne!(sealing.seal("4111111111111111", &key), Some(sealed.clone()), "each box is another");
        assert_eq!(
            Sealing::new([1; 32]).seal("4111111111111111", &key),
            Some(sealed),
            "by the secret and count"
        );
    }

    #[test]
    fn what_cannot_be_sealed_is_not_told_either() {
        let key = base64::encode(&[9; 32]);
        let mut sealing = Sealing::new([0; 32]);
        assert_eq!(sealing.seal("1", "no key"), None);
        assert_eq!(sealing.seal(&"1".repeat(GREATEST_TEXT + 1), &key), None);
        let longest = sealing.seal(&"1".repeat(GREATEST_TEXT), &key).expect("it fits");
        assert!(longest.len() <= flow_bytecode::limits::TEXT_BYTES);
    }
}
