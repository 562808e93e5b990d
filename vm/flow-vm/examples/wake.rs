//! The menu coroutine of the design's table, to be counted from outside.
//!
//! - `wake bytes`: bytes per suspended call.
//! - `wake vm N`, `wake floor N`: a thousand calls, woken N times in turn.
//! - `wake unfused N`: the same as `wake vm`, by a machine that does one instruction at a time.
//! - `wake create N`: N calls, brought to their first menu.
//!
//! Run under `valgrind --tool=cachegrind --cache-sim=no` at two values of N; the difference is what wakes cost.
//! The script `benches/instructions` does so.

#![allow(clippy::disallowed_macros)]

#[path = "../benches/menu/mod.rs"]
mod menu;

use flow_bytecode::VerifiedProgram;

const CALLS: usize = 1000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = arguments.get(1).and_then(|count| count.parse().ok()).unwrap_or(0);
    match arguments.first().map(String::as_str) {
        Some("bytes") => bytes(),
        Some("vm") => println!("{}", vm(&menu::program(), count)),
        Some("unfused") => println!("{}", vm(&menu::program().unfused(), count)),
        Some("create") => println!("{}", create(count)),
        Some("floor") => println!("{}", floor(count)),
        _ => eprintln!("usage: wake bytes | vm N | unfused N | create N | floor N"),
    }
}

fn bytes() {
    let program = menu::program();
    println!("bytes per suspended call (struct and heap capacities)");
    println!("{:28} {:>6} {:>6}", "", "vm", "floor");
    for (name, texts) in
        [("four texts of 3 to 7 bytes", menu::SHORT), ("four texts of 12 bytes", menu::LONGER)]
    {
        let mut fiber = menu::fiber(&program, texts);
        for turn in 0..100 {
            menu::wake(&program, &mut fiber, menu::CHOICES[turn % menu::CHOICES.len()]);
        }
        println!("{name:28} {:>6} {:>6}", fiber.footprint(), menu::Floor::new(texts).footprint());
    }
}

fn create(count: usize) -> usize {
    let program = menu::program();
    (0..count).map(|_| menu::fiber(&program, menu::SHORT).footprint()).sum()
}

fn vm(program: &VerifiedProgram, count: usize) -> u32 {
    let mut calls: Vec<_> = (0..CALLS).map(|_| menu::fiber(program, menu::SHORT)).collect();
    let wakes = (0..count).map(|turn| {
        let call = &mut calls[turn % CALLS];
        menu::wake(program, call, menu::CHOICES[turn / CALLS % menu::CHOICES.len()])
    });
    wakes.sum()
}

fn floor(count: usize) -> u32 {
    let mut calls: Vec<_> = (0..CALLS).map(|_| menu::Floor::new(menu::SHORT)).collect();
    let wakes = (0..count).filter_map(|turn| {
        let call = std::hint::black_box(&mut calls[turn % CALLS]);
        call.wake(call.op(), 0, menu::CHOICES[turn / CALLS % menu::CHOICES.len()])
    });
    wakes.map(|menu| std::hint::black_box(menu).block).sum()
}
