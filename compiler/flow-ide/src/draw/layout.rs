//! Places for boxes: columns by the longest way from the start (Sugiyama's layers, from left to right), the order
//! within a column by the mean of neighbours, then heights that pull lines straight. Whole numbers only, so that every
//! machine draws the same.

use super::boxes::{Card, HEAD};

/// Pixels.
pub(super) const WIDTH: i64 = 330;
const COLUMN_GAP: i64 = 90;
const ROW_GAP: i64 = 26;
/// What a line takes that passes a column.
const LANE: i64 = 14;
/// Lines over more columns are not drawn; their row names the place and links to it.
const MOST_COLUMNS: usize = 4;
/// How often orders and heights are improved.
const SWEEPS: usize = 8;

/// A drawn flow.
#[derive(Debug)]
pub(super) struct Layout {
    /// Left and top of each card.
    pub(super) places: Vec<(i64, i64)>,
    pub(super) lines: Vec<Line>,
    pub(super) width: i64,
    pub(super) height: i64,
    /// How each row of each card leads on.
    pub(super) ways: Vec<Vec<RowWay>>,
}

/// How a row leads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowWay {
    /// By a line.
    Line,
    /// To a column further left, where the call was before.
    Back,
    /// Too far for a line.
    Far,
    /// The block goes on.
    Again,
}

/// A line from a row to a box: a curve through points.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) points: Vec<(i64, i64)>,
}

/// Something that takes room in a column: a card, or a line that passes.
#[derive(Debug)]
struct Item {
    column: usize,
    height: i64,
    y: i64,
    /// Neighbours to the left and to the right, with the difference that makes the line straight.
    left: Vec<(usize, i64)>,
    right: Vec<(usize, i64)>,
}

/// Lays out the cards; the first is where the call begins.
pub(super) fn layout(cards: &[Card]) -> Layout {
    let back = back_rows(cards);
    let columns = columns(cards, &back);
    let mut items: Vec<Item> = cards
        .iter()
        .zip(&columns)
        .map(|(card, column)| Item {
            column: *column,
            height: card.height(),
            y: 0,
            left: Vec::new(),
            right: Vec::new(),
        })
        .collect();
    let mut ways = Vec::with_capacity(cards.len());
    let mut routes: Vec<(usize, i64, Vec<usize>, usize)> = Vec::new();
    for (from, card) in cards.iter().enumerate() {
        let ports = card.ports();
        let own = routes.len();
        let mut row_ways = Vec::with_capacity(card.rows.len());
        for (number, row) in card.rows.iter().enumerate() {
            let span = columns[row.to].saturating_sub(columns[from]);
            let way = match () {
                () if row.again => RowWay::Again,
                () if back[from][number] => RowWay::Back,
                () if span > MOST_COLUMNS => RowWay::Far,
                () => RowWay::Line,
            };
            row_ways.push(way);
            if way != RowWay::Line {
                continue;
            }
            if let Some((_, _, passed, _)) = routes[own..].iter().find(|(.., to)| *to == row.to) {
                // Lines of one box to one box run together as soon as they have left it.
                let passed: Vec<usize> = passed.clone();
                routes.push((from, ports[number], passed, row.to));
                continue;
            }
            let mut passed = Vec::new();
            let (mut last, mut port) = (from, ports[number]);
            for column in columns[from] + 1..columns[row.to] {
                let lane = items.len();
                items.push(Item { column, height: LANE, y: 0, left: Vec::new(), right: Vec::new() });
                join(&mut items, last, port, lane, LANE / 2);
                passed.push(lane);
                (last, port) = (lane, LANE / 2);
            }
            join(&mut items, last, port, row.to, HEAD / 2);
            routes.push((from, ports[number], passed, row.to));
        }
        ways.push(row_ways);
    }
    place(&mut items);
    let x = |column: usize| column as i64 * (WIDTH + COLUMN_GAP);
    let lines = routes.into_iter().map(|(from, port, passed, to)| {
        let mut points = vec![(x(items[from].column) + WIDTH, items[from].y + port)];
        for lane in passed {
            let y = items[lane].y + LANE / 2;
            points.extend([(x(items[lane].column), y), (x(items[lane].column) + WIDTH, y)]);
        }
        points.push((x(items[to].column), items[to].y + HEAD / 2));
        Line { from, points }
    });
    Layout {
        lines: lines.collect(),
        places: items[..cards.len()].iter().map(|item| (x(item.column), item.y)).collect(),
        width: items.iter().map(|item| x(item.column) + WIDTH).max().unwrap_or(0),
        height: items.iter().map(|item| item.y + item.height).max().unwrap_or(0),
        ways,
    }
}

fn join(items: &mut [Item], from: usize, port: i64, to: usize, entry: i64) {
    items[from].right.push((to, entry - port));
    items[to].left.push((from, port - entry));
}

/// Which rows lead back to a card on the way to them, depth first and in the order of rows.
fn back_rows(cards: &[Card]) -> Vec<Vec<bool>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let mut back: Vec<Vec<bool>> = cards.iter().map(|card| vec![false; card.rows.len()]).collect();
    let mut seen = vec![Seen::No; cards.len()];
    for start in 0..cards.len() {
        if seen[start] != Seen::No {
            continue;
        }
        seen[start] = Seen::Open;
        let mut stack = vec![(start, 0)];
        while let Some((card, row)) = stack.pop() {
            let Some(next) = cards[card].rows.get(row) else {
                seen[card] = Seen::Done;
                continue;
            };
            stack.push((card, row + 1));
            match seen[next.to] {
                Seen::Open => back[card][row] = true,
                Seen::Done => {}
                Seen::No => {
                    seen[next.to] = Seen::Open;
                    stack.push((next.to, 0));
                }
            }
        }
    }
    back
}

/// The column of each card: the longest way to it without rows that lead back.
fn columns(cards: &[Card], back: &[Vec<bool>]) -> Vec<usize> {
    let forward = |card: usize| {
        cards[card]
            .rows
            .iter()
            .zip(&back[card])
            .filter(move |(row, back)| !**back && row.to != card)
            .map(|(row, _)| row.to)
    };
    let mut waiting = vec![0usize; cards.len()];
    for card in 0..cards.len() {
        forward(card).for_each(|to| waiting[to] += 1);
    }
    let mut columns = vec![0usize; cards.len()];
    let mut ready: Vec<usize> = (0..cards.len()).filter(|card| waiting[*card] == 0).collect();
    while let Some(card) = ready.pop() {
        for to in forward(card) {
            columns[to] = columns[to].max(columns[card] + 1);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                ready.push(to);
            }
        }
    }
    columns
}

/// Gives every item its height in the picture.
fn place(items: &mut [Item]) {
    let count = items.iter().map(|item| item.column + 1).max().unwrap_or(0);
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, item) in items.iter().enumerate() {
        order[item.column].push(index);
    }
    order.iter().for_each(|column| stack(items, column));
    for sweep in 0..SWEEPS {
        let rightwards = sweep % 2 == 0;
        let columns: Vec<usize> = if rightwards { (0..count).collect() } else { (0..count).rev().collect() };
        for column in columns {
            let wish = |item: usize| wished(items, item, rightwards).unwrap_or(items[item].y);
            let mut by_wish: Vec<(i64, usize)> =
                order[column].iter().map(|item| (wish(*item) + items[*item].height / 2, *item)).collect();
            // Stable: equals keep the order of the text.
            by_wish.sort_by_key(|(wish, _)| *wish);
            order[column] = by_wish.into_iter().map(|(_, item)| item).collect();
            stack(items, &order[column]);
        }
    }
    for sweep in 0..SWEEPS {
        let rightwards = sweep % 2 == 0;
        let columns: Vec<usize> = if rightwards { (0..count).collect() } else { (0..count).rev().collect() };
        for column in columns {
            pull(items, &order[column], rightwards);
        }
    }
    let top = items.iter().map(|item| item.y).min().unwrap_or(0);
    items.iter_mut().for_each(|item| item.y -= top);
}

/// One below the other, from the top.
fn stack(items: &mut [Item], column: &[usize]) {
    let mut y = 0;
    for item in column {
        items[*item].y = y;
        y += items[*item].height + ROW_GAP;
    }
}

/// Where an item would be if its lines to one side were straight; nothing without lines there.
fn wished(items: &[Item], item: usize, from_left: bool) -> Option<i64> {
    let neighbours = if from_left { &items[item].left } else { &items[item].right };
    if neighbours.is_empty() {
        return None;
    }
    let sum: i64 = neighbours.iter().map(|(other, shift)| items[*other].y + shift).sum();
    Some(sum.div_euclid(neighbours.len() as i64))
}

/// Moves a column's items towards where their lines are straight, in their order and without overlap: the mean of
/// what pushing down and what pushing up gives keeps the distances.
fn pull(items: &mut [Item], column: &[usize], from_left: bool) {
    let wishes: Vec<i64> =
        column.iter().map(|item| wished(items, *item, from_left).unwrap_or(items[*item].y)).collect();
    let mut down = wishes.clone();
    for at in 1..column.len() {
        down[at] = down[at].max(down[at - 1] + items[column[at - 1]].height + ROW_GAP);
    }
    let mut up = wishes;
    for at in (1..column.len()).rev() {
        up[at - 1] = up[at - 1].min(up[at] - items[column[at - 1]].height - ROW_GAP);
    }
    for (at, item) in column.iter().enumerate() {
        items[*item].y = (down[at] + up[at]).div_euclid(2);
    }
}
