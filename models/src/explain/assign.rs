//! Who belongs to whom: the cheapest matching of rows with columns (Kuhn and Munkres, with potentials).

/// The column of each row, so that as many as possible are matched and all costs together are least. Rows are of equal
/// length; costs are finite.
pub(super) fn assign(costs: &[Vec<f64>]) -> Vec<Option<usize>> {
    let (rows, columns) = (costs.len(), costs.first().map_or(0, Vec::len));
    if columns == 0 {
        return vec![None; rows];
    }
    if rows > columns {
        let turned: Vec<Vec<f64>> = (0..columns).map(|j| costs.iter().map(|row| row[j]).collect()).collect();
        let mut of_row = vec![None; rows];
        for (column, row) in assign(&turned).into_iter().enumerate() {
            if let Some(row) = row {
                of_row[row] = Some(column);
            }
        }
        return of_row;
    }
    // Place 0 stands for "nobody yet"; rows and columns count from 1.
    let (mut of_rows, mut of_columns) = (vec![0.0; rows + 1], vec![0.0; columns + 1]);
    let mut holder = vec![0; columns + 1];
    for row in 1..=rows {
        holder[0] = row;
        let mut at = 0;
        let (mut least, mut from) = (vec![f64::INFINITY; columns + 1], vec![0; columns + 1]);
        let mut done = vec![false; columns + 1];
        loop {
            done[at] = true;
            let (mut step, mut next) = (f64::INFINITY, 0);
            for column in (1..=columns).filter(|&column| !done[column]) {
                let rest = costs[holder[at] - 1][column - 1] - of_rows[holder[at]] - of_columns[column];
                if rest < least[column] {
                    (least[column], from[column]) = (rest, at);
                }
                if least[column] < step {
                    (step, next) = (least[column], column);
                }
            }
            for column in 0..=columns {
                if done[column] {
                    of_rows[holder[column]] += step;
                    of_columns[column] -= step;
                } else {
                    least[column] -= step;
                }
            }
            at = next;
            if holder[at] == 0 {
                break;
            }
        }
        while at != 0 {
            holder[at] = holder[from[at]];
            at = from[at];
        }
    }
    let mut of_row = vec![None; rows];
    for (column, &row) in holder.iter().enumerate().skip(1) {
        if row > 0 {
            of_row[row - 1] = Some(column - 1);
        }
    }
    of_row
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cost(costs: &[Vec<f64>], of_row: &[Option<usize>]) -> f64 {
        of_row.iter().enumerate().filter_map(|(row, column)| column.map(|column| costs[row][column])).sum()
    }

    /// The least cost by trying all.
    fn least(costs: &[Vec<f64>], row: usize, taken: &mut Vec<usize>) -> f64 {
        if row == costs.len() {
            return 0.0;
        }
        let mut best = f64::INFINITY;
        for column in 0..costs[row].len() {
            if !taken.contains(&column) {
                taken.push(column);
                best = best.min(costs[row][column] + least(costs, row + 1, taken));
                taken.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_other_matching_is_cheaper(rows in 1..4usize, more in 0..3usize, numbers in prop::collection::vec(0.0..2.0f64, 24)) {
            let columns = rows + more;
            let costs: Vec<Vec<f64>> = (0..rows).map(|i| numbers[i * columns..(i + 1) * columns].to_vec()).collect();
            let found = assign(&costs);
            prop_assert!((cost(&costs, &found) - least(&costs, 0, &mut Vec::new())).abs() < 1e-9);
            let turned: Vec<Vec<f64>> = (0..columns).map(|j| costs.iter().map(|row| row[j]).collect()).collect();
            prop_assert!((cost(&turned, &assign(&turned)) - cost(&costs, &found)).abs() < 1e-9);
        }
    }
}
