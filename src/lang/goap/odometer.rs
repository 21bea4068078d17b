//! Counting through the combinations of several choices, the first one slowest.

/// All combinations of indices below `sizes`, in lexicographic order; one where `sizes` is empty.
#[derive(Clone, Debug)]
pub(super) struct Odometer {
    sizes: Vec<usize>,
    digits: Vec<usize>,
    done: bool,
}

impl Odometer {
    pub fn new(sizes: Vec<usize>) -> Self {
        let done = sizes.contains(&0);
        Self { digits: vec![0; sizes.len()], sizes, done }
    }

    /// The combination it stands at; `None` past the last.
    pub fn current(&self) -> Option<&[usize]> {
        (!self.done).then_some(&self.digits)
    }

    pub fn advance(&mut self) {
        for (digit, &size) in self.digits.iter_mut().zip(&self.sizes).rev() {
            *digit += 1;
            if *digit < size {
                return;
            }
            *digit = 0;
        }
        self.done = true;
    }
}

/// Writes the combination of this number, counted from 0 in that order, to `out`, which is as long as `sizes`.
pub(super) fn digits(
    mut number: u32,
    sizes: impl DoubleEndedIterator<Item = usize> + ExactSizeIterator,
    out: &mut [usize],
) {
    for (digit, size) in out.iter_mut().zip(sizes).rev() {
        let size = size.max(1) as u32;
        *digit = (number % size) as usize;
        number /= size;
    }
}

#[cfg(test)]
mod tests {
    use super::{Odometer, digits};

    fn all(sizes: &[usize]) -> Vec<Vec<usize>> {
        let mut odometer = Odometer::new(sizes.to_vec());
        let mut out = Vec::new();
        while let Some(digits) = odometer.current() {
            out.push(digits.to_vec());
            odometer.advance();
        }
        out
    }

    #[test]
    fn the_first_digit_turns_slowest() {
        assert_eq!(all(&[2, 2]), [[0, 0], [0, 1], [1, 0], [1, 1]]);
        assert_eq!(all(&[]), [[0; 0]]);
        assert!(all(&[3, 0]).is_empty());
    }

    #[test]
    fn a_number_has_the_digits_that_counting_comes_to() {
        let sizes = [2, 1, 3];
        for (number, counted) in (0..).zip(all(&sizes)) {
            let mut digits_of = vec![9; 3];
            digits(number, sizes.into_iter(), &mut digits_of);
            assert_eq!(digits_of, counted);
        }
    }
}
