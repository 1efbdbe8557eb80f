//! Secrets: making them, and what is stored in their place.
//!
//! Passwords and PINs are few and guessable, so they are stretched with argon2id. Cookies and tokens are 256 random
//! bits, which nobody guesses: of them a plain SHA-256 is kept.

use std::sync::{Arc, LazyLock};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use models::hex::hex;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// What a token begins with, so that a leaked one is recognised for what it is.
pub(crate) const TOKEN_PREFIX: &str = "wct_";

/// OWASP's second choice for argon2id: 19 MiB, two passes, one lane. A Raspberry Pi takes some tenths of a second.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or(Params::DEFAULT))
}

/// Stretches a password or PIN. Takes a while: not for the runtime's threads.
pub(crate) fn stretch(secret: &str) -> anyhow::Result<String> {
    let hash = argon2().hash_password(secret.as_bytes());
    hash.map(|hash: PasswordHash| hash.to_string())
        .map_err(|error| anyhow::anyhow!("a secret cannot be hashed: {error}"))
}

/// Whether the secret is the one that was stretched. Without a hash the same work is done in vain, so that the time
/// taken does not tell whether there is such a person.
pub(crate) fn matches(secret: &str, hash: Option<&str>) -> bool {
    static NOBODYS: LazyLock<String> = LazyLock::new(|| stretch("nobody's password").unwrap_or_default());
    let same = |hash: &str| {
        PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(secret.as_bytes(), &hash).is_ok())
    };
    match hash {
        Some(hash) => same(hash),
        None => {
            same(&NOBODYS);
            false
        }
    }
}

/// 256 random bits as 64 hexadecimal digits.
pub(crate) fn random() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no random numbers: {error}"))?;
    Ok(hex(&bytes))
}

/// What is stored of a random secret.
pub(crate) fn fingerprint(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Does the stretching off the runtime's threads, two at a time: each takes 19 MiB, and a box has little memory.
#[derive(Clone)]
pub(crate) struct Stretcher(Arc<Semaphore>);

impl Stretcher {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(2)))
    }

    /// As [`stretch`].
    pub(crate) async fn stretch(&self, secret: String) -> Result<String, Problem> {
        let _place = self.0.acquire().await;
        tokio::task::spawn_blocking(move || stretch(&secret)).await?.map_err(|error| {
            tracing::error!(%error, "argon2");
            Problem::unavailable("the server cannot hash a password now; try again")
        })
    }

    /// As [`matches`].
    pub(crate) async fn matches(&self, secret: String, hash: Option<String>) -> Result<bool, Problem> {
        let _place = self.0.acquire().await;
        Ok(tokio::task::spawn_blocking(move || matches(&secret, hash.as_deref())).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_recognised_by_its_hash_only() {
        let hash = stretch("correct horse").expect("hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(matches("correct horse", Some(&hash)) && !matches("correct hors", Some(&hash)));
        assert!(!matches(&hash, Some(&hash)), "the stored text opens nothing");
        assert!(!matches("nobody's password", None), "the work in vain admits nobody");
        assert_ne!(stretch("correct horse").expect("hash"), hash, "each has its own salt");
    }

    #[test]
    fn random_secrets_are_long_and_their_fingerprints_stable() {
        let secret = random().expect("random");
        assert_eq!(secret.len(), 64);
        assert_ne!(secret, random().expect("random"));
        assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
