//! A vintage: its year, the owner's window, what a bottle is worth.

use leptos_router::params::ParamsMap;
use models::{currency, error::RuleError, window::Window};
use serde::{Deserialize, Serialize};

use super::{decimal, typed, whole, year_words};

/// The fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VintageForm {
    /// `2019`, or nothing for NV.
    pub year: String,
    /// First year.
    pub drink_from: String,
    /// First year of the peak.
    pub peak_from: String,
    /// Last year of the peak.
    pub peak_to: String,
    /// Last year.
    pub drink_to: String,
    /// `24.50`.
    pub value: String,
    /// `EUR`.
    pub currency: String,
}

impl VintageForm {
    /// As it is stored.
    pub fn of(year: Option<i32>, own: Window, value: Option<(i64, &str)>) -> Self {
        Self {
            year: year_words(year),
            drink_from: year_words(own.drink_from),
            peak_from: year_words(own.peak_from),
            peak_to: year_words(own.peak_to),
            drink_to: year_words(own.drink_to),
            value: value.map(|(minor, code)| super::decimal_words(minor, currency::decimals(code))).unwrap_or_default(),
            currency: value.map(|(_, code)| code.to_owned()).unwrap_or_default(),
        }
    }

    /// With what was typed before a refusal.
    pub fn typed(self, query: &ParamsMap) -> Self {
        let field = |name: &str, stored: String| typed(query, name, stored);
        Self {
            year: field("year", self.year),
            drink_from: field("drink_from", self.drink_from),
            peak_from: field("peak_from", self.peak_from),
            peak_to: field("peak_to", self.peak_to),
            drink_to: field("drink_to", self.drink_to),
            value: field("value", self.value),
            currency: field("currency", self.currency),
        }
    }

    /// The year.
    pub fn year(&self) -> Result<Option<i32>, RuleError> {
        whole("year", &self.year)
    }

    /// The owner's window.
    pub fn window(&self) -> Result<Window, RuleError> {
        Ok(Window {
            drink_from: whole("drink_from", &self.drink_from)?,
            peak_from: whole("peak_from", &self.peak_from)?,
            peak_to: whole("peak_to", &self.peak_to)?,
            drink_to: whole("drink_to", &self.drink_to)?,
        })
    }

    /// Value and currency.
    pub fn value(&self) -> Result<Option<(i64, String)>, RuleError> {
        money("value", &self.value, &self.currency)
    }

    /// Every field with its name.
    pub fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("year", &self.year),
            ("drink_from", &self.drink_from),
            ("peak_from", &self.peak_from),
            ("peak_to", &self.peak_to),
            ("drink_to", &self.drink_to),
            ("value", &self.value),
            ("currency", &self.currency),
        ]
    }
}

/// An amount with its currency, in the smallest unit; nothing where no amount was typed.
pub fn money(field: &str, amount: &str, currency: &str) -> Result<Option<(i64, String)>, RuleError> {
    let code = currency.trim().to_uppercase();
    let Some(minor) = decimal(field, amount, currency::decimals(&code))? else { return Ok(None) };
    models::wine::currency("currency", &code)?;
    Ok(Some((minor, code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_as_many_digits_as_its_currency() {
        assert_eq!(money("value", "24,5", "eur"), Ok(Some((2450, "EUR".to_owned()))));
        assert_eq!(money("value", "2000", "JPY"), Ok(Some((2000, "JPY".to_owned()))));
        assert_eq!(money("value", "", ""), Ok(None));
        assert!(money("value", "5", "").is_err_and(|error| error.to_string().starts_with("currency: ")));
    }

    #[test]
    fn a_window_survives_its_form() {
        let own = Window { drink_from: Some(2024), peak_from: None, peak_to: Some(2030), drink_to: Some(2035) };
        let form = VintageForm::of(Some(2019), own, Some((2450, "EUR")));
        assert_eq!((form.window(), form.year()), (Ok(own), Ok(Some(2019))));
        assert_eq!(form.value(), Ok(Some((2450, "EUR".to_owned()))));
    }
}
