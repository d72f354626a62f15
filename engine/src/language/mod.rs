//! The languages of Loopscope's texts for people.
//!
//! English and Korean are written side by side where a text is used, in [`text!`] and
//! [`say!`]. Each further language is a file in `languages/`, which the build script finds.

mod particle;
mod text;

pub use text::Text;
// Only for the macros.
#[doc(hidden)]
pub use text::{LANGUAGES, fits, of_languages};

pub use crate::{say, text};

/// Defines [`Language`]. The build script calls it with the further languages.
macro_rules! languages {
    ($($variant:ident $tag:literal $name:literal $texts:expr)*) => {
        /// A language of messages, documentation and the page.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum Language {
            #[default]
            #[serde(rename = "en")]
            En,
            #[serde(rename = "ko")]
            Ko,
            $(#[serde(rename = $tag)] $variant,)*
            /// Every text in brackets, so that a test finds words that are not in a text.
            #[cfg(any(test, feature = "staged"))]
            #[serde(rename = "qaa")]
            Marked,
        }

        impl Language {
            /// The languages that a person can choose.
            pub const ALL: [Self; 2 + <[&str]>::len(&[$($tag),*])] =
                [Self::En, Self::Ko, $(Self::$variant),*];

            /// The BCP 47 tag: `en`, `ko`.
            pub const fn tag(self) -> &'static str {
                match self {
                    Self::En => "en",
                    Self::Ko => "ko",
                    $(Self::$variant => $tag,)*
                    #[cfg(any(test, feature = "staged"))]
                    Self::Marked => "qaa",
                }
            }

            /// Its name in the language itself.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::En => "English",
                    Self::Ko => "한국어",
                    $(Self::$variant => $name,)*
                    #[cfg(any(test, feature = "staged"))]
                    Self::Marked => "⟦⟧",
                }
            }
        }

        /// By further language: the English text, the Korean text if it matters, and the translation.
        const FURTHER: [&[(&str, &str, &str)]; Language::ALL.len() - 2] = [$(&$texts),*];
    };
}

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

impl Language {
    /// The language of a BCP 47 tag or a POSIX locale, e.g. `ko-KR` or `ko_KR.UTF-8`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let whole = tag.split(['.', '@']).next()?.replace('_', "-");
        let primary = |tag: &str| {
            tag.split('-')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        // The whole tag first, e.g. `pt-BR`, then only its language, e.g. `pt`.
        let of = |same: &dyn Fn(&str) -> bool| Self::known().find(|one| same(one.tag()));
        of(&|tag| tag.eq_ignore_ascii_case(&whole))
            .or_else(|| of(&|tag| primary(tag) == primary(&whole)))
    }

    fn known() -> impl Iterator<Item = Self> {
        #[cfg(any(test, feature = "staged"))]
        let all = Self::ALL.iter().copied().chain([Self::Marked]);
        #[cfg(not(any(test, feature = "staged")))]
        let all = Self::ALL.iter().copied();
        all
    }

    const fn is_marked(self) -> bool {
        cfg!(any(test, feature = "staged")) && self as usize >= Self::ALL.len()
    }

    /// The next language, for a button that goes through all of them.
    pub fn next(self) -> Self {
        let at = Self::ALL
            .iter()
            .position(|&one| one == self)
            .unwrap_or_default();
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_of_every_shape_are_read() {
        assert_eq!(Language::from_tag("ko"), Some(Language::Ko));
        assert_eq!(Language::from_tag("ko_KR.UTF-8"), Some(Language::Ko));
        assert_eq!(Language::from_tag("EN-us"), Some(Language::En));
        assert_eq!(Language::from_tag("fr"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn the_button_goes_through_all_languages() {
        let mut language = Language::En;
        for _ in Language::ALL {
            language = language.next();
        }
        assert_eq!(language, Language::En);
        assert_eq!(Language::En.next(), Language::Ko);
    }
}
