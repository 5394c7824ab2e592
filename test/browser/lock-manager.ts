interface Waiting {
  name: string;
  isShared: boolean;
  grant: () => void;
}

/** The Web Locks of one origin, exclusive and shared, as far as they are used here (W3C Web Locks API). */
export class FakeLocks {
  private held: Waiting[] = [];
  private pending: Waiting[] = [];

  /** As the browser does for a page that is killed: what it held is free. */
  release(name: string): void {
    this.held = this.held.filter(lock => lock.name !== name);
    this.next();
  }

  readonly manager = {
    request: (name: string, options: LockOptions, use: () => unknown) =>
      new Promise((resolve, reject) => {
        const lock: Waiting = {
          name,
          isShared: options.mode === 'shared',
          grant: () => {
            void Promise.resolve(use()).then(result => {
              this.held = this.held.filter(each => each !== lock);
              this.next();
              resolve(result);
            });
          },
        };
        options.signal?.addEventListener('abort', () => {
          if (!this.pending.includes(lock)) return;
          this.pending = this.pending.filter(each => each !== lock);
          reject(new DOMException('aborted', 'AbortError'));
        });
        this.pending.push(lock);
        this.next();
      }),
    query: async () => ({ held: [...this.held], pending: [...this.pending] }),
  } as unknown as LockManager;

  private next(): void {
    for (const lock of [...this.pending]) {
      const rivals = this.held.filter(({ name }) => name === lock.name);
      if (rivals.some(({ isShared }) => !isShared || !lock.isShared)) continue;
      this.pending = this.pending.filter(each => each !== lock);
      this.held.push(lock);
      lock.grant();
    }
  }
}
