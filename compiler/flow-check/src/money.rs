//! Currencies: their codes, amounts written in them, and amounts that are put together.

use flow_diagnostics::Location;
use flow_syntax::ast;
use rust_decimal::Decimal;

use crate::codes;
use crate::context::{Checker, Say as _, Scope, open, unknown};
use crate::hir::{BinaryOp, Builtin, Expr, ExprKind, LocalId, Type, TypeKind};

/// The codes of ISO 4217 that amounts are in, four letters apart.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP \
    BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP \
    GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT \
    LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD \
    OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC \
    SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER \
    ZAR ZMW ZWG";

/// The code of a currency, when a name is one.
pub(crate) fn code(name: &str) -> Option<[u8; 3]> {
    let bytes: [u8; 3] = name.as_bytes().try_into().ok()?;
    CODES.split_ascii_whitespace().any(|known| known == name).then_some(bytes)
}

/// A number that is written, or made of one by a minus.
pub(crate) fn written_number(value: &Expr) -> Option<Decimal> {
    match &value.kind {
        ExprKind::Int(number) => Some(Decimal::from(*number)),
        ExprKind::Decimal(number) => Some(*number),
        ExprKind::Negate(of) => written_number(of).map(|number| -number),
        _ => None,
    }
}

/// An int as the decimal that it is.
pub(crate) fn widened(value: Expr) -> Expr {
    if value.ty.kind != TypeKind::Int {
        return value;
    }
    let ty = Type { kind: TypeKind::Decimal, secret: value.ty.secret };
    let location = value.location;
    let kind = match written_number(&value) {
        Some(number) => ExprKind::Decimal(number),
        None => ExprKind::Builtin(Builtin::DecimalOf, vec![value]),
    };
    Expr { kind, ty, location }
}

impl Checker<'_> {
    /// `EUR(12.50)`
    pub(crate) fn money_call(
        &mut self,
        s: &mut Scope,
        code: [u8; 3],
        arguments: &ast::Arguments,
        at: Location,
    ) -> Expr {
        let place = format!("`{}`", String::from_utf8_lossy(&code));
        let [argument] = arguments.list.as_slice() else {
            self.error(codes::MISSING_ARGUMENT, at, format!("{place} takes one amount"), "not one argument");
            return unknown(at);
        };
        let amount = self.expr(s, &argument.value, Some(&TypeKind::Decimal));
        let amount = self.coerce_kind(widened(amount), &TypeKind::Decimal, &place);
        if amount.ty.kind == TypeKind::Unknown {
            return unknown(at);
        }
        let ty = Type { kind: TypeKind::Money, secret: amount.ty.secret };
        let kind = match written_number(&amount) {
            Some(number) => ExprKind::Money(number.normalize(), code),
            None => {
                let of = Expr {
                    kind: ExprKind::Money(Decimal::ZERO, code),
                    ty: open(TypeKind::Money),
                    location: at,
                };
                ExprKind::Builtin(Builtin::MoneyOf, vec![amount, of])
            }
        };
        Expr { kind, ty, location: at }
    }

    /// The currency of an amount, where the text tells it.
    pub(crate) fn currency_of(&self, s: &Scope, value: &Expr) -> Option<[u8; 3]> {
        match &value.kind {
            ExprKind::Money(_, code) => Some(*code),
            ExprKind::Local(local) => s.currencies.get(local).copied(),
            ExprKind::Negate(of) => self.currency_of(s, of),
            ExprKind::Builtin(Builtin::MoneyOf, arguments) => self.currency_of(s, arguments.get(1)?),
            ExprKind::Builtin(Builtin::Round, arguments) => self.currency_of(s, arguments.first()?),
            ExprKind::Binary(
                BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide,
                left,
                right,
            ) => self.currency_of(s, left).or_else(|| self.currency_of(s, right)),
            _ => None,
        }
    }

    /// Refuses an amount of another currency than the one that a state begins with.
    pub(crate) fn keeps_currency(&mut self, s: &Scope, state: LocalId, value: &Expr) {
        let (Some(kept), Some(given)) = (s.currencies.get(&state).copied(), self.currency_of(s, value))
        else {
            return;
        };
        if kept != given {
            let [kept, given] = [kept, given].map(|code| String::from_utf8_lossy(&code).into_owned());
            let (name, there) = (s.locals[state].name.clone(), s.locals[state].location);
            self.error(
                codes::MIXED_CURRENCIES,
                value.location,
                format!("`{name}` is an amount in {kept}, and is set to one in {given}"),
                given,
            )
            .add_label(there, format!("begins in {kept}"))
            .add_help("keep amounts of each currency in a state of its own, or ask a service for the rate");
        }
    }

    /// Refuses amounts of two currencies side by side, where both are known.
    pub(crate) fn one_currency(&mut self, s: &Scope, left: &Expr, right: &Expr, at: Location) {
        let (Some(one), Some(other)) = (self.currency_of(s, left), self.currency_of(s, right)) else {
            return;
        };
        if one != other {
            let [one, other] = [one, other].map(|code| String::from_utf8_lossy(&code).into_owned());
            self.error(
                codes::MIXED_CURRENCIES,
                at,
                format!("{one} and {other} are put together, and no rate between them is known"),
                "two currencies",
            )
            .add_label(left.location, one)
            .add_label(right.location, other)
            .add_help("keep amounts of each currency apart, or ask a service for the rate");
        }
    }
}
