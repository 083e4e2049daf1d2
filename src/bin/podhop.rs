//! The command line.

fn main() {
    println!("podhop");
}
