/** A binary heap of numbers ordered by a parallel array of costs. */
export class Heap {
  items = [];
  costs = [];

  get size() {
    return this.items.length;
  }

  clear() {
    this.items.length = 0;
    this.costs.length = 0;
  }

  push(item, cost) {
    const { items, costs } = this;
    let at = items.length;
    items.push(item);
    costs.push(cost);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (costs[parent] <= cost) break;
      items[at] = items[parent];
      costs[at] = costs[parent];
      at = parent;
    }
    items[at] = item;
    costs[at] = cost;
  }

  pop() {
    const { items, costs } = this;
    const top = items[0];
    const item = items.pop();
    const cost = costs.pop();
    const size = items.length;
    if (size > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && costs[child + 1] < costs[child]) child += 1;
        if (costs[child] >= cost) break;
        items[at] = items[child];
        costs[at] = costs[child];
        at = child;
      }
      items[at] = item;
      costs[at] = cost;
    }
    return top;
  }
}
