//! The settings of one screen: how large, which colours, whether with our own keyboard, when it dims. They are kept in a
//! cookie, so that the server knows them before it makes a page, and the first paint is right without a script.

use axum::http::{HeaderMap, request::Parts};
use leptos::prelude::use_context;
use models::user::Role;

/// Sizes in per cent.
pub const SCALES: &[u16] = &[60, 70, 80, 90, 100, 110, 120, 130, 140];
/// Minutes until the screen dims; 0 is never.
pub const IDLES: &[u16] = &[0, 1, 2, 5, 10, 30];
/// The name of the cookie. Its value is what [`Device::text`] writes.
pub const COOKIE: &str = "device";
/// When a kiosk dims that was not asked otherwise.
const KIOSK_IDLE: u16 = 5;

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system wishes.
    #[default]
    Auto,
    /// For a dim cellar.
    Dark,
    /// For daylight.
    Light,
}

/// Whether our own keyboard comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keyboard {
    /// On the kiosk, when a finger touches a field.
    #[default]
    Auto,
    /// Whenever a finger touches a field.
    On,
    /// Never.
    Off,
}

/// The settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Size in per cent, one of [`SCALES`].
    pub scale: u16,
    /// Colours.
    pub theme: Theme,
    /// Keyboard.
    pub keyboard: Keyboard,
    /// Minutes, one of [`IDLES`]; none: as its role has it.
    pub idle: Option<u16>,
}

impl Default for Device {
    fn default() -> Self {
        Self { scale: 100, theme: Theme::Auto, keyboard: Keyboard::Auto, idle: None }
    }
}

impl Theme {
    /// All, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Dark, Self::Light];

    /// Its word in the cookie and in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

impl Keyboard {
    /// All, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Auto, Self::On, Self::Off];

    /// Its word in the cookie and in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

impl Device {
    /// Sets one of them by its name. The error says what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let one_of = |list: &[u16]| value.parse().ok().filter(|n| list.contains(n));
        let words = |list: &[u16]| list.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        match name {
            "scale" => {
                self.scale = one_of(SCALES).ok_or_else(|| format!("must be one of {} per cent", words(SCALES)))?
            }
            "theme" => {
                let found = Theme::ALL.into_iter().find(|theme| theme.as_str() == value);
                self.theme = found.ok_or("must be auto, dark or light")?;
            }
            "keyboard" => {
                let found = Keyboard::ALL.into_iter().find(|keyboard| keyboard.as_str() == value);
                self.keyboard = found.ok_or("must be auto, on or off")?;
            }
            "idle" if value == "auto" => self.idle = None,
            "idle" => {
                let found = one_of(IDLES).ok_or_else(|| format!("must be auto or one of {} minutes", words(IDLES)))?;
                self.idle = Some(found);
            }
            _ => return Err("is no setting of a screen".to_owned()),
        }
        Ok(())
    }

    /// As the cookie keeps it: `scale:100|theme:auto|keyboard:auto|idle:auto`.
    pub fn text(&self) -> String {
        let idle = self.idle.map_or("auto".to_owned(), |minutes| minutes.to_string());
        format!("scale:{}|theme:{}|keyboard:{}|idle:{idle}", self.scale, self.theme.as_str(), self.keyboard.as_str())
    }

    /// From the value of the cookie. What cannot be understood is as if it were not set.
    fn from_text(value: &str) -> Self {
        let mut device = Self::default();
        for (name, value) in value.split('|').filter_map(|one| one.split_once(':')) {
            let _ = device.set(name, value);
        }
        device
    }

    /// Of the browser that sent these headers.
    pub fn of(headers: &HeaderMap) -> Self {
        crate::cookies::value(headers, COOKIE).map(Self::from_text).unwrap_or_default()
    }

    /// Of the browser that asks for the page that is being made.
    pub fn of_request() -> Self {
        use_context::<Parts>().map(|parts| Self::of(&parts.headers)).unwrap_or_default()
    }

    /// Whether our keyboard is wanted by somebody of that role.
    pub fn wants_keyboard(&self, role: Option<Role>) -> bool {
        match self.keyboard {
            Keyboard::On => true,
            Keyboard::Auto => role == Some(Role::Kiosk),
            Keyboard::Off => false,
        }
    }

    /// Minutes until the screen of somebody of that role dims; 0 is never.
    pub fn idle_minutes(&self, role: Option<Role>) -> u16 {
        self.idle.unwrap_or(if role == Some(Role::Kiosk) { KIOSK_IDLE } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        let mut device = Device::default();
        for (name, value) in [("scale", "140"), ("theme", "light"), ("keyboard", "on"), ("idle", "0")] {
            device.set(name, value).expect(name);
        }
        let sent = |text: String| {
            let mut headers = HeaderMap::new();
            headers.insert("cookie", format!("a=b; {COOKIE}={text}; c=d").parse().expect("a header"));
            Device::of(&headers)
        };
        assert_eq!(sent(device.text()), device);
        assert_eq!(sent(Device::default().text()), Device::default());
        assert_eq!(Device::of(&HeaderMap::new()), Device::default());
    }

    #[test]
    fn nonsense_is_refused_by_name_and_ignored_in_a_cookie() {
        let mut device = Device::default();
        for (name, value) in
            [("scale", "55"), ("scale", "x"), ("theme", ""), ("keyboard", "yes"), ("idle", "-1"), ("x", "1")]
        {
            assert!(device.set(name, value).is_err(), "{name}={value}");
        }
        assert_eq!(device, Device::default());
        assert_eq!(Device::from_text("scale:900|theme:dark|?|:::").theme, Theme::Dark);
        assert_eq!(Device::from_text("scale:900|theme:dark").scale, 100);
        assert_eq!(Device::from_text(""), Device::default());
    }

    #[test]
    fn a_kiosk_has_a_keyboard_and_dims_by_itself() {
        let device = Device::default();
        assert!(device.wants_keyboard(Some(Role::Kiosk)) && !device.wants_keyboard(Some(Role::Member)));
        assert_eq!((device.idle_minutes(Some(Role::Kiosk)), device.idle_minutes(None)), (KIOSK_IDLE, 0));
        assert_eq!(Device { idle: Some(0), ..device }.idle_minutes(Some(Role::Kiosk)), 0);
    }
}
