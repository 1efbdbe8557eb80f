//! A tree of boxes, so that a ray asks only the few solids that it can meet.

use super::solid::{Meeting, Solid};
use super::space::{Ray, Vec3, v};

/// A node's box and what is below it.
struct Node {
    low: Vec3,
    high: Vec3,
    /// For a leaf its range in `order`; else the place of its second child (the first one follows the node itself).
    below: Below,
}

enum Below {
    Leaf(usize, usize),
    Second(usize),
}

/// The solids, sorted.
pub(super) struct Tree<'a> {
    solids: &'a [Solid],
    order: Vec<usize>,
    nodes: Vec<Node>,
}

/// A leaf holds at most so many solids.
const LEAF: usize = 2;

impl<'a> Tree<'a> {
    pub(super) fn new(solids: &'a [Solid]) -> Self {
        let mut tree = Self { solids, order: (0..solids.len()).collect(), nodes: Vec::new() };
        if !solids.is_empty() {
            tree.grow(0, solids.len());
        }
        tree
    }

    fn grow(&mut self, from: usize, to: usize) {
        let far = f32::INFINITY;
        let (mut low, mut high) = (v(far, far, far), v(-far, -far, -far));
        for &i in &self.order[from..to] {
            let [a, b] = self.solids[i].bounds();
            low = v(low.x.min(a.x), low.y.min(a.y), low.z.min(a.z));
            high = v(high.x.max(b.x), high.y.max(b.y), high.z.max(b.z));
        }
        let here = self.nodes.len();
        self.nodes.push(Node { low, high, below: Below::Leaf(from, to) });
        if to - from <= LEAF {
            return;
        }
        let span = high - low;
        let key = |p: Vec3| {
            if span.x >= span.y && span.x >= span.z {
                p.x
            } else if span.y >= span.z {
                p.y
            } else {
                p.z
            }
        };
        let solids = self.solids;
        let middle = |i: usize| {
            let [a, b] = solids[i].bounds();
            key(a) + key(b)
        };
        self.order[from..to].sort_by(|&a, &b| middle(a).total_cmp(&middle(b)));
        let half = usize::midpoint(from, to);
        self.grow(from, half);
        self.nodes[here].below = Below::Second(self.nodes.len());
        self.grow(half, to);
    }

    /// The nearest meeting, or with `any` the first one found.
    fn search(&self, ray: &Ray, near: f32, mut far: f32, any: bool) -> Option<(usize, Meeting)> {
        if self.nodes.is_empty() {
            return None;
        }
        let inverse = ray.along.map(|d| if d.abs() < 1e-12 { 1e12 } else { 1.0 / d });
        let mut best = None;
        let mut waiting = [0usize; 48];
        let mut left = 1;
        while left > 0 {
            left -= 1;
            let here = waiting[left];
            let node = &self.nodes[here];
            if !crosses(node, ray.from, inverse, far) {
                continue;
            }
            match node.below {
                Below::Second(second) => {
                    waiting[left] = second;
                    waiting[left + 1] = here + 1;
                    left += 2;
                }
                Below::Leaf(from, to) => {
                    for &i in &self.order[from..to] {
                        if let Some(meeting) = self.solids[i].meet(ray, near, far) {
                            far = meeting.far;
                            best = Some((i, meeting));
                            if any {
                                return best;
                            }
                        }
                    }
                }
            }
        }
        best
    }

    pub(super) fn nearest(&self, ray: &Ray, near: f32) -> Option<(usize, Meeting)> {
        self.search(ray, near, f32::INFINITY, false)
    }

    pub(super) fn blocked(&self, ray: &Ray, near: f32, far: f32) -> bool {
        self.search(ray, near, far, true).is_some()
    }

    pub(super) fn solid(&self, i: usize) -> &Solid {
        &self.solids[i]
    }
}

fn crosses(node: &Node, from: Vec3, inverse: Vec3, far: f32) -> bool {
    let (a, b) = ((node.low - from).tint(inverse), (node.high - from).tint(inverse));
    let first = a.x.min(b.x).max(a.y.min(b.y)).max(a.z.min(b.z));
    let last = a.x.max(b.x).min(a.y.max(b.y)).min(a.z.max(b.z));
    first <= last && last >= 0.0 && first < far
}
