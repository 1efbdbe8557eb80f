//! The JSON file with a service account's key, as the Cloud console makes it.

use std::{fmt, fs::File, io::Read, path::Path, sync::Arc};

use serde_json::Value;
use tokio_rustls::rustls::{
    SignatureScheme,
    crypto::ring::sign::any_supported_type,
    pki_types::{PrivateKeyDer, pem::PemObject},
    sign::SigningKey,
};

use crate::tell::Address;

/// Such a file has some 2,400 bytes.
const LARGEST: u64 = 64 * 1024;
const SETTING: &str = "GOOGLE_APPLICATION_CREDENTIALS";
const ANEW: &str = "make a new JSON key of a service account (Cloud console, IAM, Service accounts, Keys)";

/// A service account's key.
pub(super) struct Key {
    /// The account.
    pub(super) email: String,
    /// Which of its keys, where the file says it.
    pub(super) id: Option<String>,
    /// Where it signs in, as an address and as the file writes it.
    pub(super) token_address: Address,
    pub(super) token_uri: String,
    private: Arc<dyn SigningKey>,
}

/// Without what is secret.
impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the key of {}", self.email)
    }
}

impl Key {
    /// Reads the file. The error names the setting, the field and the cure, and repeats nothing of the file but its `type`.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let told = |why: String| format!("{SETTING} {}: {why}", path.display());
        let mut text = String::new();
        let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
        read.map_err(|error| {
            told(format!("cannot be read ({error}); the user of the service, winecellar, must be able to read it"))
        })?;
        if text.len() as u64 > LARGEST {
            return Err(told(format!("has more than {LARGEST} bytes and is no key file: {ANEW}")));
        }
        Self::of(&text).map_err(told)
    }

    fn of(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with("-----BEGIN") {
            return Err(format!("is a bare key, and the JSON file around it is needed: {ANEW}"));
        }
        let file: Value = serde_json::from_str(text)
            .map_err(|error| format!("is no JSON from line {}, column {} on: {ANEW}", error.line(), error.column()))?;
        let field = |name: &str| {
            let value = file.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
            value.ok_or_else(|| format!("`{name}` is missing: {ANEW}"))
        };
        if file.get("installed").or(file.get("web")).is_some() {
            return Err(format!("is the client of an app, not a service account: {ANEW}"));
        }
        match field("type")? {
            "service_account" => {}
            "authorized_user" => return Err(format!("`type` is authorized_user, the login of a person: {ANEW}")),
            other => {
                let other: String = other.chars().filter(|sign| !sign.is_control()).take(40).collect();
                return Err(format!("`type` is {other}, and only service_account can be used: {ANEW}"));
            }
        }
        let email = field("client_email")?;
        if !email.contains('@') {
            return Err(format!("`client_email` is no address: {ANEW}"));
        }
        let token_uri = field("token_uri")?;
        let token_address: Address = token_uri.parse().map_err(|why| format!("`token_uri`: {why}"))?;
        if let Some(cure) = token_address.leaks() {
            return Err(format!("`token_uri`: the account signs in there: {cure}"));
        }
        let der = PrivateKeyDer::from_pem_slice(field("private_key")?.as_bytes())
            .map_err(|_| format!("`private_key` is no key in PEM: {ANEW}"))?;
        let private = any_supported_type(&der).map_err(|_| format!("`private_key` cannot be used: {ANEW}"))?;
        if private.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]).is_none() {
            return Err(format!("`private_key` is no RSA key: {ANEW}"));
        }
        let id = field("private_key_id").ok().map(str::to_owned);
        Ok(Self { email: email.to_owned(), id, token_address, token_uri: token_uri.to_owned(), private })
    }

    /// Signs by RS256 (RFC 7518, section 3.3).
    pub(super) fn sign(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        let signer = self.private.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]);
        let signed = signer.ok_or_else(|| "`private_key` is no RSA key".to_owned())?.sign(text);
        signed.map_err(|error| format!("`private_key` does not sign: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_of_a_service_account_is_told_by_its_field() {
        let whole = |private_key: &str, token_uri: &str| {
            serde_json::json!({ "type": "service_account", "client_email": "reader@cellar.iam.gserviceaccount.com",
                "private_key": private_key, "token_uri": token_uri })
            .to_string()
        };
        let google = "https://oauth2.googleapis.com/token";
        let secret = "c2VjcmV0IQ==";
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n");
        for (text, word) in [
            (pem.clone(), "bare key"),
            ("{\n \"type\": ".to_owned(), "line 2"),
            (r#"{"installed":{"client_id":"x"}}"#.to_owned(), "client of an app"),
            (r#"{"type":"authorized_user"}"#.to_owned(), "login of a person"),
            (r#"{"type":"external_account"}"#.to_owned(), "external_account"),
            (r#"{"type":"service_account"}"#.to_owned(), "`client_email` is missing"),
            (whole("", google), "`private_key` is missing"),
            (whole("no key", google), "no key in PEM"),
            (whole(&pem, google), "`private_key` cannot be used"),
            (whole(&pem, "http://elsewhere.example/token"), "`token_uri`: the account signs in there: write https://"),
            (whole(&pem, "oauth2"), "`token_uri`: write http"),
        ] {
            let told = Key::of(&text).expect_err(&text);
            assert!(told.contains(word) && !told.contains(secret), "{word}: {told}");
        }
    }
}
