//! A generator of numbers that gives the same ones everywhere.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The numbers of one record.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Those of the record with this number under a seed. They do not depend on what was made before.
    pub fn new(seed: u32, record: u32) -> Self {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&seed.to_le_bytes());
        let mut numbers = ChaCha8Rng::from_seed(bytes);
        numbers.set_stream(record.into());
        Dice(numbers)
    }

    /// A number below another, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        // Of 64 bits the remainder of any list's length is uniform enough.
        ((u128::from(self.0.next_u64()) * end as u128) >> 64) as usize
    }

    /// One of a list, which is not empty.
    pub fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a seed gives is part of what users rely on: it stays from version to version.
    #[test]
    fn a_seed_gives_the_same_for_ever() {
        let first = |seed, record| {
            let mut dice = Dice::new(seed, record);
            [dice.below(1000), dice.below(1000), dice.below(1000)]
        };
        assert_eq!(first(1, 0), first(1, 0));
        assert_ne!(first(1, 0), first(2, 0));
        assert_ne!(first(1, 0), first(1, 1));
        assert_eq!(first(7, 3), [662, 504, 736]);
    }
}
