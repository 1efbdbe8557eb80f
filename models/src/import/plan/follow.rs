//! Bottles lie where the file says, though they lie elsewhere here: for the system that is being replaced, as long as people work with
//! it. Those that lie there already are put aside first, so that no other line takes them.

use super::{Item, Planner, State, group};
use crate::ids::BottleId;

impl Planner<'_> {
    /// Puts aside the bottles that lie where the file says, before any line may take one that lies elsewhere.
    pub(super) fn reserve(&mut self) {
        for (i, line) in self.file.lines.iter().enumerate() {
            let Ok(item) = &line.what else { continue };
            let Some(bin) = self.places.find(&item.location, &item.bin).filter(|_| item.state == State::Here) else {
                continue;
            };
            let Some(pool) = self.pools.get_mut(&group(item)) else { continue };
            let known = &self.known.bottles;
            let lies =
                |id: &BottleId| known.get(id).is_some_and(|bottle| bottle.here && bottle.bin.as_ref() == Some(&bin));
            for _ in 0..item.count {
                let Some((_, id, _)) =
                    pool.here.iter().position(|(_, id, _)| lies(id)).and_then(|at| pool.here.remove(at))
                else {
                    break;
                };
                self.reserved.entry(i).or_default().push_back(id);
            }
        }
    }

    /// Lays a bottle where the file says that it lies now, if there is room.
    pub(super) fn follow(&mut self, item: &Item, id: &BottleId, warnings: &mut Vec<String>) -> bool {
        let lies = self.known.bottles.get(id).filter(|bottle| bottle.here).and_then(|bottle| bottle.bin.clone());
        let Some(lies) = lies.filter(|_| self.file.format.follows_bins()) else { return false };
        if self.places.find(&item.location, &item.bin).is_none_or(|bin| bin == lies) {
            return false;
        }
        match self.lay(item) {
            Ok(Some(bin)) => {
                self.plan.moves.push((id.clone(), bin));
                true
            }
            Ok(None) => false,
            Err(full) => {
                warnings.push(full);
                false
            }
        }
    }
}
