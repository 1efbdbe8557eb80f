//! What had to wait for an answer may be one half of a move whose other half is asked about already: then it is asked as one.

use super::{
    Conn, DbError,
    proposals::{self, Draft, Evidence},
    sighted,
};
use crate::{
    Instant,
    explain::{
        bin::Gone,
        pair::{self, Differing},
    },
    ids::BinId,
    proposal::{ProposalKind, ProposalState},
    scan::SeenEnd,
};

/// One bin of which bottles went, or to which they came.
struct Half {
    bin: BinId,
    gone: Vec<Gone>,
    come: Vec<Vec<f32>>,
}

impl Half {
    fn of(bin: &BinId, evidence: &Evidence) -> Self {
        let come = evidence.come.iter().map(|looks| SeenEnd::unpack(looks)).collect();
        Self { bin: bin.clone(), gone: evidence.gone.clone(), come }
    }

    fn as_differing(&self) -> Differing<'_> {
        Differing { bin: &self.bin, gone: &self.gone, come: &self.come, fresh: false }
    }
}

/// The draft, or the move of which it is one half; the question about the other half is closed then. Where another question is open about
/// its bin it cannot be asked (`proposals::ask`), and the other half stays as it is.
pub(super) fn joined(conn: &mut Conn, draft: Draft, now: Instant) -> Result<Draft, DbError> {
    let half = matches!(draft.kind, ProposalKind::Missing | ProposalKind::Extra);
    if !half || proposals::open_in(conn, &draft.bin)?.is_some() {
        return Ok(draft);
    }
    let own = Half::of(&draft.bin, &draft.evidence);
    let (waiting, _) = sighted::outside(conn, std::iter::empty(), now)?;
    for (open, evidence) in proposals::all_open(conn)? {
        let halves = matches!(
            (draft.kind, open.kind),
            (ProposalKind::Missing, ProposalKind::Extra) | (ProposalKind::Extra, ProposalKind::Missing)
        );
        if !halves || open.bin == draft.bin {
            continue;
        }
        let other = Half::of(&open.bin, &evidence);
        let (from, to) = if draft.kind == ProposalKind::Missing { (&own, &other) } else { (&other, &own) };
        let found = pair::moves(&[from.as_differing(), to.as_differing()], &waiting);
        // All of both, or it is more than one change.
        let Some(whole) = found.first().filter(|it| it.gone.len() == from.gone.len() && it.come.len() == to.come.len())
        else {
            continue;
        };
        if proposals::is_parted(conn, ProposalKind::Move, &from.bin, &to.bin)? {
            continue;
        }
        let note = format!("It is asked whether this is one bottle that lies in bin {} now.", to.bin);
        proposals::close(conn, &open, ProposalState::Superseded, None, Some(&note), now)?;
        let (seen_from, seen_to, candidates) = match draft.kind {
            ProposalKind::Missing => (draft.seen, open.seen, &draft.evidence.candidates),
            _ => (open.seen, draft.seen, &evidence.candidates),
        };
        let evidence = Evidence {
            candidates: candidates.clone(),
            gone: from.gone.clone(),
            come: to.come.iter().map(|looks| SeenEnd::pack(looks)).collect(),
            then: [&draft.evidence.then[..], &evidence.then].concat(),
            ..draft.evidence
        };
        return Ok(Draft {
            kind: ProposalKind::Move,
            bin: from.bin.clone(),
            seen: seen_from,
            confidence: draft.confidence.min(open.confidence),
            other: Some((to.bin.clone(), seen_to)),
            number: i32::try_from(whole.gone.len()).unwrap_or(i32::MAX),
            likeness: whole.likeness,
            evidence,
        });
    }
    Ok(draft)
}
