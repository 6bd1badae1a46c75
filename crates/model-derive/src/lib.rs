//! `#[derive(Describe)]`: the descriptor table of a struct, written from its declaration.
//!
//! The derive only adds: an implementation of `dsw_model::descriptor::Describe` and one constant
//! for each field, by which paths name it. It decides nothing: what kind of value a field holds,
//! its type says through `FieldType`. It rejects what it does not know, each time at the place of
//! the mistake.
//!
//! It reads what is there already (doc comments, `#[serde(rename)]`, `#[serde(rename_all)]`, the
//! limits in `#[validate(length)]` and `#[validate(range)]`) and two attributes of its own:
//!
//! ```text
//! #[describe(alternatives("DatasetId", "Uri"), layout = Table)]     on the struct
//! #[field(
//!     label = "Access",                       name for people; required
//!     example = "RW", unit = "hours", default = "1",
//!     section = Storage,                      a variant of Section
//!     closed("RW" = "read-write", "RO"),      or open(…): values to choose, with words
//!     rule = "R58",                           rule of closed choices, if not R111
//!     shape = Id("vpc-"),                     a variant of Shape
//!     alias = "Port",                         another name of the member
//!     when = Set("DatasetId"),                a variant of Condition
//!     control = Script,                       a variant of Control, such as Quantity(&["Gi"])
//!     guide = Where,                          a variant of Guide: what more there is to be told
//!     deprecated, read_only,
//! )]                                                                 on each field
//! ```
//!
//! In use:
//!
//! ```
//! use dsw_model::descriptor::{Choices, Condition, Describe};
//! use dsw_model::path;
//! use serde::{Deserialize, Serialize};
//!
//! /// A disk to mount.
//! #[dsw_model_derive::omit_unset]
//! #[derive(Default, Serialize, Deserialize, Describe)]
//! #[serde(default, rename_all = "PascalCase")]
//! struct Disk {
//!     /// Where the disk appears.
//!     #[field(label = "Mount path", example = "/mnt/data")]
//!     mount_path: Option<String>,
//!
//!     /// Whether the disk may be written.
//!     #[field(label = "Access", closed("RW" = "read-write", "RO"), when = Set("MountPath"))]
//!     mount_access: Option<String>,
//! }
//!
//! let fields = Disk::DESCRIPTOR.fields;
//! assert_eq!(fields[0].help, "Where the disk appears.");
//! assert_eq!(fields[1].condition, Condition::Set("MountPath"));
//! assert!(matches!(fields[1].choices, Choices::Closed([_, _])));
//!
//! let disk = Disk::read(serde_json::json!({ "MountAccess": "RO" }).as_object().unwrap());
//! assert_eq!(disk.mount_access.as_deref(), Some("RO"));
//! assert_eq!(serde_json::to_string(&disk).unwrap(), r#"{"MountAccess":"RO"}"#);
//! assert_eq!(path![Disk::MOUNT_ACCESS].name(Disk::DESCRIPTOR), "MountAccess");
//! ```
//!
//! What is refused, and with which words, is pinned by the files in `tests/ui`.

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};
use quote::{format_ident, quote};
use syn::meta::ParseNestedMeta;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprCall, ExprLit, Field, Fields, Ident, Lit,
    LitStr, Token, parse_quote,
};

/// Writes `impl Describe` and the field constants of a struct. See the crate's documentation.
#[proc_macro_derive(Describe, attributes(describe, field))]
pub fn derive_describe(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    expand(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// Lets serde leave out the fields that are `None`: unset is absent, never `null`.
///
/// It adds `#[serde(skip_serializing_if = "Option::is_none")]` to each field, so it stands above
/// the derives.
#[proc_macro_attribute]
pub fn omit_unset(attributes: TokenStream, item: TokenStream) -> TokenStream {
    let mut item = syn::parse_macro_input!(item as DeriveInput);
    if !attributes.is_empty() {
        return Error::new(Span::call_site(), "omit_unset takes no arguments")
            .into_compile_error()
            .into();
    }
    let Data::Struct(data) = &mut item.data else {
        return Error::new(Span::call_site(), "omit_unset is for structs")
            .into_compile_error()
            .into();
    };
    for field in &mut data.fields {
        field
            .attrs
            .push(parse_quote!(#[serde(skip_serializing_if = "::core::option::Option::is_none")]));
    }
    quote!(#item).into()
}

fn expand(input: &DeriveInput) -> syn::Result<Tokens> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "Describe is for structs"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new(
            input.ident.span(),
            "Describe needs named fields",
        ));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "Describe takes no generics",
        ));
    }
    let ident = &input.ident;
    let name = ident.to_string();
    let help = doc_text(&input.attrs, ident.span())?;
    let shape = Shape::parse(&input.attrs)?;
    let rename_all = rename_all(&input.attrs)?;

    let wires = fields
        .named
        .iter()
        .map(|field| wire_name(field, rename_all))
        .collect::<syn::Result<Vec<_>>>()?;
    let mut descriptors = Vec::new();
    let mut reads = Vec::new();
    let mut constants = Vec::new();
    for (index, (field, wire)) in fields.named.iter().zip(&wires).enumerate() {
        let rust = field.ident.as_ref().expect("named fields have names");
        descriptors.push(descriptor(field, wire, &wires)?);
        reads.push(quote!(#rust: ::dsw_model::descriptor::member(object, #wire)));
        let constant = format_ident!("{}", rust.to_string().to_uppercase());
        let doc = format!("The field `{wire}`, for paths.");
        let index = u16::try_from(index).map_err(|_| Error::new(rust.span(), "too many fields"))?;
        constants.push(quote! {
            #[doc = #doc]
            pub const #constant: ::dsw_model::path::Field = ::dsw_model::path::Field(#index);
        });
    }
    for wire in shape.alternatives.iter().flatten() {
        known_wire(wire, &wires)?;
    }
    let alternatives = shape
        .alternatives
        .iter()
        .map(|group| quote!(&[#(#group),*]));
    let layout = shape.layout;

    Ok(quote! {
        impl #ident {
            #(#constants)*
        }

        impl ::dsw_model::descriptor::Describe for #ident {
            const DESCRIPTOR: &'static ::dsw_model::descriptor::StructDescriptor = {
                static TABLE: ::dsw_model::descriptor::StructDescriptor =
                    ::dsw_model::descriptor::StructDescriptor {
                        name: #name,
                        help: #help,
                        fields: &[#(#descriptors),*],
                        alternatives: &[#(#alternatives),*],
                        layout: ::dsw_model::descriptor::Layout::#layout,
                    };
                &TABLE
            };

            fn read(object: &::serde_json::Map<String, ::serde_json::Value>) -> Self {
                Self { #(#reads),* }
            }
        }
    })
}

/// What `#[describe(…)]` says of the struct.
struct Shape {
    alternatives: Vec<Vec<LitStr>>,
    layout: Ident,
}

impl Shape {
    fn parse(attrs: &[Attribute]) -> syn::Result<Self> {
        let mut shape = Self {
            alternatives: Vec::new(),
            layout: Ident::new("Rows", Span::call_site()),
        };
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("describe")) {
            attr.parse_nested_meta(|meta| {
                if meta.path.is_ident("alternatives") {
                    let content;
                    syn::parenthesized!(content in meta.input);
                    let group = content
                        .parse_terminated(<LitStr as syn::parse::Parse>::parse, Token![,])?;
                    if group.len() < 2 {
                        return Err(meta.error("alternatives name at least two fields"));
                    }
                    shape.alternatives.push(group.into_iter().collect());
                    Ok(())
                } else if meta.path.is_ident("layout") {
                    shape.layout = meta.value()?.parse()?;
                    Ok(())
                } else {
                    Err(meta.error("unknown: Describe knows alternatives and layout"))
                }
            })?;
        }
        Ok(shape)
    }
}

/// Refuses the wire name of a field that does not exist.
fn known_wire(wire: &LitStr, wires: &[String]) -> syn::Result<()> {
    if wires.contains(&wire.value()) {
        return Ok(());
    }
    Err(Error::new_spanned(wire, "no field has this wire name"))
}

/// The table entry of one field.
fn descriptor(field: &Field, wire: &str, wires: &[String]) -> syn::Result<Tokens> {
    let rust = field.ident.as_ref().expect("named fields have names");
    let help = doc_text(&field.attrs, rust.span())?;
    let said = Said::parse(field)?;
    let (min, max, max_length) = bounds(field)?;
    let rust_name = rust.to_string();
    let ty = &field.ty;
    let Said {
        label,
        example,
        unit,
        default,
        section,
        choices,
        choice_rule,
        shape,
        alias,
        condition,
        control,
        guide,
        deprecated,
        read_only,
    } = said;
    let label =
        label.ok_or_else(|| Error::new(rust.span(), "a field needs #[field(label = \"…\")]"))?;
    let condition = match condition {
        None => quote!(Always),
        Some(call) => {
            // Its first argument is the field on which it depends.
            if let Some(Expr::Lit(ExprLit {
                lit: Lit::Str(wire),
                ..
            })) = call.args.first()
            {
                known_wire(wire, wires)?;
            }
            quote!(#call)
        }
    };
    Ok(quote! {
        ::dsw_model::descriptor::FieldDescriptor {
            wire: #wire,
            rust: #rust_name,
            kind: <#ty as ::dsw_model::descriptor::FieldType>::KIND,
            label: #label,
            help: #help,
            example: #example,
            unit: #unit,
            default: #default,
            section: #section,
            choices: #choices,
            choice_rule: #choice_rule,
            shape: ::dsw_model::descriptor::Shape::#shape,
            alias: #alias,
            condition: ::dsw_model::descriptor::Condition::#condition,
            bounds: ::dsw_model::descriptor::Bounds { min: #min, max: #max, max_length: #max_length },
            control: ::dsw_model::descriptor::Control::#control,
            guide: ::dsw_model::descriptor::Guide::#guide,
            deprecated: #deprecated,
            read_only: #read_only,
        }
    })
}

/// What `#[field(…)]` says.
struct Said {
    label: Option<LitStr>,
    example: LitStr,
    unit: LitStr,
    default: LitStr,
    section: Tokens,
    choices: Tokens,
    choice_rule: LitStr,
    shape: Expr,
    alias: LitStr,
    condition: Option<ExprCall>,
    control: Expr,
    guide: Expr,
    deprecated: bool,
    read_only: bool,
}

impl Said {
    fn parse(field: &Field) -> syn::Result<Self> {
        let empty = || LitStr::new("", Span::call_site());
        let mut said = Self {
            label: None,
            example: empty(),
            unit: empty(),
            default: empty(),
            section: quote!(::core::option::Option::None),
            choices: quote!(::dsw_model::descriptor::Choices::Free),
            choice_rule: LitStr::new("R111", Span::call_site()),
            shape: parse_quote!(Free),
            alias: empty(),
            condition: None,
            control: parse_quote!(Plain),
            guide: parse_quote!(Nothing),
            deprecated: false,
            read_only: false,
        };
        for attr in field
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("field"))
        {
            attr.parse_nested_meta(|meta| said.entry(&meta))?;
        }
        Ok(said)
    }

    fn entry(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let key = meta.path.require_ident()?.to_string();
        match key.as_str() {
            "label" => self.label = Some(meta.value()?.parse()?),
            "example" => self.example = meta.value()?.parse()?,
            "unit" => self.unit = meta.value()?.parse()?,
            "default" => self.default = meta.value()?.parse()?,
            "section" => {
                let section: Ident = meta.value()?.parse()?;
                self.section = quote!(::core::option::Option::Some(::dsw_model::descriptor::Section::#section));
            }
            "closed" => self.choices = choices(meta, "Closed")?,
            "open" => self.choices = choices(meta, "Open")?,
            "rule" => self.choice_rule = meta.value()?.parse()?,
            "shape" => self.shape = meta.value()?.parse()?,
            "alias" => self.alias = meta.value()?.parse()?,
            "when" => self.condition = Some(meta.value()?.parse()?),
            "control" => self.control = meta.value()?.parse()?,
            "guide" => self.guide = meta.value()?.parse()?,
            "deprecated" => self.deprecated = true,
            "read_only" => self.read_only = true,
            _ => {
                return Err(meta.error(
                    "unknown: a field knows label, example, unit, default, section, closed, open, \
                     rule, shape, alias, when, control, guide, deprecated and read_only",
                ));
            }
        }
        Ok(())
    }
}

/// `("RW" = "read-write", "RO")`.
fn choices(meta: &ParseNestedMeta<'_>, variant: &str) -> syn::Result<Tokens> {
    let content;
    syn::parenthesized!(content in meta.input);
    let mut list = Vec::new();
    while !content.is_empty() {
        let value: LitStr = content.parse()?;
        let label = if content.peek(Token![=]) {
            content.parse::<Token![=]>()?;
            content.parse()?
        } else {
            LitStr::new("", value.span())
        };
        list.push(quote!(::dsw_model::descriptor::Choice { value: #value, label: #label }));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    if list.is_empty() {
        return Err(meta.error("a list of choices names at least one"));
    }
    let variant = Ident::new(variant, Span::call_site());
    Ok(quote!(::dsw_model::descriptor::Choices::#variant(&[#(#list),*])))
}

/// The doc comment as one text: lines joined, paragraphs kept apart by a line break.
fn doc_text(attrs: &[Attribute], span: Span) -> syn::Result<String> {
    let mut text = String::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        let Expr::Lit(ExprLit {
            lit: Lit::Str(line),
            ..
        }) = &attr.meta.require_name_value()?.value
        else {
            continue;
        };
        let line = line.value();
        match line.trim() {
            "" if !text.is_empty() => text.push('\n'),
            "" => {}
            line => {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
    if text.is_empty() {
        return Err(Error::new(
            span,
            "the doc comment is the help text: write one",
        ));
    }
    Ok(text)
}

/// Whether the struct says `#[serde(rename_all = "PascalCase")]`, the only case the API uses.
fn rename_all(attrs: &[Attribute]) -> syn::Result<bool> {
    let mut pascal = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
        attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename_all") {
                let case: LitStr = meta.value()?.parse()?;
                if case.value() != "PascalCase" {
                    return Err(Error::new_spanned(case, "Describe knows only PascalCase"));
                }
                pascal = true;
            } else if meta.input.peek(Token![=]) {
                meta.value()?.parse::<Expr>()?;
            }
            Ok(())
        })?;
    }
    Ok(pascal)
}

/// The name of the member as serde writes it.
fn wire_name(field: &Field, pascal: bool) -> syn::Result<String> {
    let rust = field
        .ident
        .as_ref()
        .expect("named fields have names")
        .to_string();
    let mut wire = if pascal { pascal_case(&rust) } else { rust };
    for attr in field
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
    {
        attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                wire = meta.value()?.parse::<LitStr>()?.value();
            } else if meta.input.peek(Token![=]) {
                meta.value()?.parse::<Expr>()?;
            }
            Ok(())
        })?;
    }
    Ok(wire)
}

fn pascal_case(snake: &str) -> String {
    snake
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect()
            })
        })
        .collect()
}

/// The limits in `#[validate(length(max = …))]` and `#[validate(range(min = …, max = …))]`.
fn bounds(field: &Field) -> syn::Result<(Tokens, Tokens, Tokens)> {
    let none = || quote!(::core::option::Option::None);
    let (mut min, mut max, mut max_length) = (none(), none(), none());
    for attr in field
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("validate"))
    {
        attr.parse_nested_meta(|meta| {
            let range = meta.path.is_ident("range");
            let length = meta.path.is_ident("length");
            if !meta.input.peek(syn::token::Paren) {
                return Ok(());
            }
            meta.parse_nested_meta(|limit| {
                let value: Expr = limit.value()?.parse()?;
                let some = quote!(::core::option::Option::Some(#value));
                if range && limit.path.is_ident("min") {
                    min = some;
                } else if range && limit.path.is_ident("max") {
                    max = some;
                } else if length && limit.path.is_ident("max") {
                    max_length = some;
                }
                Ok(())
            })
        })?;
    }
    Ok((min, max, max_length))
}
