const PATIENCE_MS = 3000;

/** Questions to the server: each gets a number, its answer comes back with the same one. */
export class Asking {
  #send;
  #open = new Map();
  #last = 0;

  constructor(send) {
    this.#send = send;
  }

  /** Resolves to the answer, or to null when the server has none in time. */
  ask(kind, args) {
    const id = (this.#last += 1);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(id, null), PATIENCE_MS);
      this.#open.set(id, { resolve, timer });
      this.#send({ id, kind, ...args });
    });
  }

  answer(id, result) {
    const question = this.#open.get(id);
    if (!question) return;
    this.#open.delete(id);
    clearTimeout(question.timer);
    question.resolve(result);
  }

  close() {
    for (const id of [...this.#open.keys()]) this.answer(id, null);
  }
}
