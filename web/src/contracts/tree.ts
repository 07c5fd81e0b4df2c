/* The lines of a contract as a tree, and the rows of it that are shown. */
import { type Row, textOf } from '@/api/records';

export interface Node {
  row: Row;
  depth: number;
  children: Node[];
  place: number; /* among its siblings, from 1 */
  siblings: number;
  below: number; /* lines below it, at any depth */
}

/* Lines whose parent is not there (yet) are left out: pages come in order of age, parents first. */
export function treeOf(rows: Row[]): Node[] {
  const roots: Node[] = [];
  const byId = new Map<string, Node>();
  for (const row of rows) {
    const parent = row.parent_id === null ? null : byId.get(textOf(row, 'parent_id'));
    if (parent === undefined) continue;
    const node: Node = { row, depth: parent ? parent.depth + 1 : 0, children: [], place: 0, siblings: 0, below: 0 };
    byId.set(row.id, node);
    (parent?.children ?? roots).push(node);
  }
  const place = (nodes: Node[]): number => nodes.reduce((sum, node, i) => {
    node.place = i + 1;
    node.siblings = nodes.length;
    node.below = place(node.children);
    return sum + 1 + node.below;
  }, 0);
  place(roots);
  return roots;
}

/* Does the line's name or number have the text? */
function fits(node: Node, text: string): boolean {
  return ['name', 'number'].some((name) => textOf(node.row, name).toLowerCase().includes(text));
}

/* Nodes top down, those below a closed one left out. With a text, those that have it and the way to them. */
export function shownOf(roots: Node[], isOpen: (id: string) => boolean, text = ''): Node[] {
  const wanted = text.trim().toLowerCase();
  const shown: Node[] = [];
  const walk = (nodes: Node[]): boolean => {
    let any = false;
    for (const node of nodes) {
      const at = shown.push(node) - 1;
      const below = wanted || isOpen(node.row.id) ? walk(node.children) : false;
      const keep = !wanted || below || fits(node, wanted);
      if (!keep) shown.length = at;
      any ||= keep;
    }
    return any;
  };
  walk(roots);
  return shown;
}

export function idsBelow(node: Node): string[] {
  return node.children.flatMap((child) => [child.row.id, ...idsBelow(child)]);
}
