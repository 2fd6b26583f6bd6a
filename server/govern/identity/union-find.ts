/** Disjoint groups of names. The smallest name of a group is its root, whatever the order of unions. */
export class UnionFind {
  readonly #parent = new Map<string, string>();

  constructor(names: Iterable<string>) {
    for (const name of names) this.#parent.set(name, name);
  }

  find(name: string): string {
    let root = name;
    for (let up = this.#parent.get(root); up !== undefined && up !== root; up = this.#parent.get(root)) root = up;
    for (let at = name; at !== root; ) {
      const next = this.#parent.get(at) ?? root;
      this.#parent.set(at, root);
      at = next;
    }
    return root;
  }

  union(a: string, b: string): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    if (rootA === rootB) return;
    if (rootA < rootB) this.#parent.set(rootB, rootA);
    else this.#parent.set(rootA, rootB);
  }
}
