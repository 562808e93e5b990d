//! Text made of a template at run time: the same for every caller, unlike speech.

use flow_bytecode::program::{Piece, PluralClass, Template, TemplateVariant};
use flow_bytecode::{TrapReason, Type, TypeId, VerifiedProgram, plurals, text};

use crate::arena::Arena;
use crate::limits::TEXT_BYTES;

/// The template's words with its arguments in their holes.
pub(crate) fn text(
    program: &VerifiedProgram,
    arena: &Arena,
    template: &Template,
    arguments: &[u64],
) -> Result<String, TrapReason> {
    let mut out = String::new();
    let variant = variant(template);
    let language = usize::from(variant.language.unwrap_or(0));
    let language = program.languages.get(language).map_or("en", String::as_str);
    for piece in &variant.pieces {
        match piece {
            Piece::Text(id) | Piece::Recording(_, id) | Piece::IfNotListening(id) => {
                out.push_str(&program.texts[*id as usize])
            }
            Piece::Hole(index, _) => {
                let index = usize::from(*index);
                write(&mut out, program, arena, template.arguments[index], arguments[index]);
            }
            Piece::Plural(index, classes) => {
                let class = plurals::class(language, arguments[usize::from(*index)] as i64);
                let fits = classes.iter().find(|(of, _)| *of == class);
                let fits = fits.or_else(|| classes.iter().find(|(of, _)| *of == PluralClass::Other));
                if let Some((_, id)) = fits.or(classes.last()) {
                    out.push_str(&program.texts[*id as usize]);
                }
            }
            Piece::Sound(_) | Piece::Speech(_) | Piece::IfListening(_) => {}
        }
        if out.len() > TEXT_BYTES {
            return Err(TrapReason::TextTooLong);
        }
    }
    Ok(out)
}

/// The variant that fits every language, else that of the default language, else the first.
fn variant(template: &Template) -> &TemplateVariant {
    let variants = &template.variants;
    let neutral = variants.iter().find(|variant| variant.language.is_none());
    neutral.or_else(|| variants.iter().find(|variant| variant.language == Some(0))).unwrap_or(&variants[0])
}

/// One value as text.
pub(crate) fn write(out: &mut String, program: &VerifiedProgram, arena: &Arena, id: TypeId, slot: u64) {
    let number = slot as i64;
    match program.ty(id) {
        Type::Bool => out.push_str(if slot == 0 { "false" } else { "true" }),
        Type::Int => out.push_str(&number.to_string()),
        Type::Decimal => out.push_str(&arena.decimal(program, slot).to_string()),
        Type::Money => out.push_str(&arena.money(program, slot).to_string()),
        Type::Text | Type::Digits | Type::Phone => out.push_str(&arena.text(program, slot)),
        Type::Duration => text::write_duration(out, number),
        Type::Date => text::write_date(out, number),
        Type::Time => text::write_time(out, number),
        Type::DateTime => {
            text::write_datetime(out, number >> 16, &program.time_zones()[usize::from(slot as u16)]);
        }
        Type::Language => out.push_str(&program.languages[slot as usize]),
        _ => {}
    }
}
