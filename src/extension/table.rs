//! Makes a closed `enum` of a list of extensions.

/// `extensions!(Match: Tcp = tcp::Tcp, ...)` makes `enum Match<'t>` with a variant for each, `Unread` for what is not in
/// the list, and a lookup by name.
macro_rules! extensions {
    ($(#[$doc:meta])* $Kind:ident, $Spec:ident, $Meaning:ident, $flag:literal: $($Variant:ident = $module:ident :: $Type:ident $(<$life:lifetime>)? $(in $Holder:ident)?,)*) => {
        $(mod $module;)*

        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub enum $Kind<'t> {
            $(#[doc = concat!("`", $flag, " ", stringify!($module), "`.")] $Variant($crate::extension::table::held!($($Holder)?; $module::$Type $(<$life>)?)),)*
            /// One that kpt has no file for.
            Unread(Box<Unread<'t>>),
        }

        /// What is known of an extension before its options are read.
        #[derive(Clone, Copy)]
        pub struct $Spec {
            /// Its name.
            pub name: &'static str,
            /// The options it knows.
            pub options: &'static [Opt],
            /// What listings print of it.
            pub listed: &'static [Listed],
            /// Reads its options.
            pub parse: for<'t> fn(Args<'t>) -> Result<$Kind<'t>, Diagnostic>,
        }

        /// Every extension that kpt knows.
        pub static ALL: &[$Spec] = &[$(
            $Spec {
                name: <$module::$Type as Extension>::NAME,
                options: <$module::$Type as Extension>::OPTIONS,
                listed: <$module::$Type as Extension>::LISTED,
                parse: |args| Ok($Kind::$Variant(<$module::$Type as Extension>::parse(args)?.into())),
            },
        )*];

        /// The extension called `name`.
        pub fn named(name: &str) -> Option<&'static $Spec> {
            ALL.iter().find(|spec| spec.name == name)
        }

        impl $Kind<'_> {
            /// The word after `-m` or `-j`.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$Variant(_) => <$module::$Type as Extension>::NAME,)*
                    Self::Unread(unread) => &unread.name,
                }
            }

            /// What it means.
            pub fn meaning(&self) -> &dyn $Meaning {
                match self {
                    $(Self::$Variant(extension) => { let extension: &$module::$Type = extension; extension })*
                    Self::Unread(unread) => &**unread,
                }
            }
        }

        impl std::fmt::Display for $Kind<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::save::bare(self.name()))?;
                match self {
                    $(Self::$Variant(extension) => extension.fmt(f),)*
                    Self::Unread(unread) => unread.fmt(f),
                }
            }
        }
    };
}

/// What a variant holds: the extension itself, or a box with it where it is large, so that a rule without it stays small.
macro_rules! held {
    (; $held:ty) => { $held };
    ($Holder:ident; $held:ty) => { $Holder<$held> };
}

pub(super) use {extensions, held};
