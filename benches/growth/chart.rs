//! A small chart for each row, over a logarithmic axis of sizes.

use std::{fmt::Write as _, time::Duration};

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 150.0;
const COLUMNS: usize = 2;

pub(crate) fn svg(rows: &[(&str, Vec<usize>, Vec<Duration>)]) -> String {
    let lines = rows.len().div_ceil(COLUMNS) as f64;
    let (width, height) = ((WIDTH + 40.0) * COLUMNS as f64, (HEIGHT + 60.0) * lines);
    let most = rows.iter().flat_map(|(_, _, times)| times).max();
    let most = most.map_or(1.0, |time| time.as_nanos() as f64).max(1.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (nth, (name, sizes, times)) in rows.iter().enumerate() {
        let (x, y) = ((nth % COLUMNS) as f64, (nth / COLUMNS) as f64);
        let (x, y) = (x * (WIDTH + 40.0) + 20.0, y * (HEIGHT + 60.0) + 30.0);
        plot(&mut svg, name, sizes, times, (x, y), most);
    }
    svg.push_str("</svg>\n");
    svg
}

fn plot(
    svg: &mut String,
    name: &str,
    sizes: &[usize],
    times: &[Duration],
    (x, y): (f64, f64),
    most: f64,
) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{}\" font-weight=\"bold\">ns against {name}</text>",
        y - 10.0
    );
    let bottom = y + HEIGHT;
    let _ = writeln!(
        svg,
        "<path d=\"M{x} {y}V{bottom}H{}\" fill=\"none\" stroke=\"#9aa5b1\"/>",
        x + WIDTH
    );
    let step = WIDTH / sizes.len() as f64;
    let mut line = String::new();
    for (nth, (size, time)) in sizes.iter().zip(times).enumerate() {
        let at = x + step * (nth as f64 + 0.5);
        let nanoseconds = time.as_nanos() as f64;
        let height = bottom - nanoseconds / most * (HEIGHT - 15.0);
        let _ = write!(line, "{at:.0},{height:.0} ");
        let _ = writeln!(
            svg,
            "<circle cx=\"{at:.0}\" cy=\"{height:.0}\" r=\"3\" fill=\"#0b6bcb\"/>\n\
             <text x=\"{at:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{nanoseconds}</text>\n\
             <text x=\"{at:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{size}</text>",
            height - 7.0,
            bottom + 15.0
        );
    }
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#0b6bcb\"/>",
        line.trim_end()
    );
}
