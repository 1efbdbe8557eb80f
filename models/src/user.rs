//! People, programs and what they may do. Rules only: hashing, cookies and clocks are the server's.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    error::RuleError,
    ids::{TokenId, UserId},
    wine, word_enum,
};

word_enum! {
    /// What somebody is in this cellar.
    Role {
        /// The screen beside the rack: takes and puts bottles, answers proposals, edits wines.
        Kiosk = "kiosk",
        /// One of the household: what the kiosk may, and furnishing racks.
        Member = "member",
        /// Everything, also people, tokens and settings.
        Admin = "admin",
        /// A program that looks at the rack; tokens only.
        Worker = "worker",
    }
}

word_enum! {
    /// What a request needs.
    Permission {
        /// Seeing the cellar.
        Read = "read",
        /// Movements, undo, answers to proposals, "scan now", facts of a bottle.
        Stock = "stock",
        /// Wines, vintages, notes, wishes, tags.
        Edit = "edit",
        /// Racks and bins.
        Manage = "manage",
        /// People, tokens, settings.
        Admin = "admin",
        /// What a scanner needs: bins and racks, starting scans, readings.
        Worker = "worker",
    }
}

word_enum! {
    /// How a person is known to the server.
    SessionKind {
        /// Signed in with a password.
        Browser = "browser",
        /// Said who it is with a PIN, at a kiosk.
        Kiosk = "kiosk",
    }
}

impl Role {
    /// The roles a person can have; the rest is for tokens.
    pub const OF_PEOPLE: [Self; 3] = [Self::Kiosk, Self::Member, Self::Admin];

    /// Whether the role holds the permission.
    pub fn may(self, permission: Permission) -> bool {
        use Permission::{Admin, Edit, Manage, Read, Stock, Worker};
        match self {
            Self::Kiosk => matches!(permission, Read | Stock | Edit),
            Self::Member => matches!(permission, Read | Stock | Edit | Manage),
            Self::Admin => matches!(permission, Read | Stock | Edit | Manage | Admin | Worker),
            Self::Worker => permission == Worker,
        }
    }

    /// A person's role; a worker is refused.
    pub fn of_person(self) -> Result<Self, RuleError> {
        match self {
            Self::Worker => Err(RuleError::field("role", "`worker` is for tokens; a person is kiosk, member or admin")),
            role => Ok(role),
        }
    }
}

impl SessionKind {
    /// How long a session lasts after it was last used.
    pub fn lifetime(self) -> TimeDelta {
        match self {
            Self::Browser => TimeDelta::days(30),
            Self::Kiosk => TimeDelta::minutes(5),
        }
    }

    /// How stale `seen_at` may become before it is written anew: not every request is worth a write.
    pub fn patience(self) -> TimeDelta {
        match self {
            Self::Browser => TimeDelta::hours(1),
            Self::Kiosk => TimeDelta::seconds(20),
        }
    }
}

/// How long the one-time link of the first start is good.
pub fn setup_lifetime() -> TimeDelta {
    TimeDelta::hours(24)
}

/// Somebody who may sign in. Holds no secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// Identifier; sorts by time.
    pub id: UserId,
    /// Name in the history; one person each, whatever the case.
    pub name: String,
    /// What the person may do after signing in with the password.
    pub role: Role,
    /// Whether the person may sign in at all.
    pub enabled: bool,
    /// Whether a password is set: without one there is no signing in by browser.
    pub has_password: bool,
    /// Whether a PIN is set: without one the kiosk does not offer the name.
    pub has_pin: bool,
    /// Rises with each change.
    pub revision: i32,
    /// When the person was entered.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub created_at: Instant,
}

/// A session as an admin sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// SHA-256 of the cookie's secret: names the session, opens nothing.
    pub id: String,
    /// Whose it is.
    pub user_id: UserId,
    /// The person's name.
    pub user: String,
    /// By password or by PIN.
    pub kind: SessionKind,
    /// What the browser calls itself.
    pub agent: String,
    /// When it began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub created_at: Instant,
    /// When it was last used, give or take.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub seen_at: Instant,
    /// When it ends unless it is used.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub expires_at: Instant,
}

/// A program's token as an admin sees it. The token itself was shown once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Identifier; sorts by time.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// What it may do of that; empty: all of it.
    pub scopes: Vec<Permission>,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub created_at: Instant,
    /// When it was last used, give or take.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(with = "crate::instant::optional")]
    pub used_at: Option<Instant>,
    /// When it ends by itself.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(with = "crate::instant::optional")]
    pub expires_at: Option<Instant>,
    /// When it was revoked.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(with = "crate::instant::optional")]
    pub revoked_at: Option<Instant>,
}

/// What a token shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenFacts {
    /// What it is for, 1 to 100 characters.
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// What it may do of that; empty: all of it.
    #[serde(default)]
    pub scopes: Vec<Permission>,
    /// Days until it ends by itself, 1 to 3650; never when absent.
    #[serde(default)]
    pub days: Option<i64>,
}

impl TokenFacts {
    /// Refuses what makes no token.
    pub fn check(&self) -> Result<(), RuleError> {
        wine::text("name", &self.name, 1, 100)?;
        if let Some(scope) = self.scopes.iter().find(|scope| !self.role.may(**scope)) {
            let message = format!("the role {} does not hold `{}`", self.role.as_str(), scope.as_str());
            return Err(RuleError::field("scopes", message));
        }
        match self.days {
            Some(days) if !(1..=3650).contains(&days) => {
                Err(RuleError::field("days", "must be 1 to 3650, or absent for a token without an end"))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a role, narrowed by scopes, may do something. No scopes: all that the role may.
pub fn allowed(role: Role, scopes: &[Permission], wanted: Permission) -> bool {
    role.may(wanted) && (scopes.is_empty() || scopes.contains(&wanted))
}

/// Scopes from words parted by spaces or commas.
pub fn scopes(words: &str) -> Result<Vec<Permission>, RuleError> {
    let words = words.split([' ', ',']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            word.parse().map_err(|error: RuleError| match error {
                RuleError::Field { message, .. } => RuleError::field("scopes", message),
                other => other,
            })
        })
        .collect()
}

/// The name as it is kept: 1 to 100 characters without blanks around them.
pub fn name(text: &str) -> Result<String, RuleError> {
    wine::text("name", text, 1, 100)?;
    Ok(text.trim().to_owned())
}

/// Refuses a password that is too short to guess at, or too long to be one.
pub fn check_password(password: &str) -> Result<(), RuleError> {
    match password.chars().count() {
        0..10 => Err(RuleError::field("password", "must be at least 10 characters long; three words make a good one")),
        10..=200 => Ok(()),
        _ => Err(RuleError::field("password", "must be at most 200 characters long")),
    }
}

/// Refuses what is no PIN.
pub fn check_pin(pin: &str) -> Result<(), RuleError> {
    if (4..=8).contains(&pin.len()) && pin.bytes().all(|digit| digit.is_ascii_digit()) {
        Ok(())
    } else {
        Err(RuleError::field("pin", "must be 4 to 8 digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_holds_what_it_should() {
        let held = |role: Role| {
            let held: Vec<_> = Permission::ALL.iter().filter(|p| role.may(**p)).map(|p| p.as_str()).collect();
            held.join(" ")
        };
        assert_eq!(held(Role::Kiosk), "read stock edit");
        assert_eq!(held(Role::Member), "read stock edit manage");
        assert_eq!(held(Role::Admin), "read stock edit manage admin worker");
        assert_eq!(held(Role::Worker), "worker");
    }

    #[test]
    fn scopes_narrow_and_never_widen() {
        assert!(allowed(Role::Member, &[], Permission::Stock));
        assert!(allowed(Role::Member, &[Permission::Read], Permission::Read));
        assert!(!allowed(Role::Member, &[Permission::Read], Permission::Stock));
        assert!(!allowed(Role::Worker, &[Permission::Admin], Permission::Admin));
        assert_eq!(scopes("read, stock"), Ok(vec![Permission::Read, Permission::Stock]));
        assert!(scopes("everything").is_err_and(|error| error.to_string().starts_with("scopes")));
        let facts = TokenFacts { name: "x".into(), role: Role::Worker, scopes: vec![Permission::Admin], days: None };
        assert!(facts.check().is_err());
        assert!(TokenFacts { scopes: Vec::new(), days: Some(0), ..facts }.check().is_err());
    }

    #[test]
    fn passwords_and_pins_have_their_bounds() {
        assert!(check_password("nine char").is_err() && check_password("ten chars!").is_ok());
        assert!(check_password(&"ä".repeat(200)).is_ok() && check_password(&"ä".repeat(201)).is_err());
        assert!(check_pin("1234").is_ok() && check_pin("12345678").is_ok());
        for bad in ["123", "123456789", "12a4", "١٢٣٤", ""] {
            assert!(check_pin(bad).is_err(), "{bad}");
        }
        assert_eq!(name("  Anna "), Ok("Anna".to_owned()));
        assert!(Role::Worker.of_person().is_err());
    }
}
