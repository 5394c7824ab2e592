interface TcData {
  gdprApplies?: boolean;
  eventStatus?: string;
  listenerId?: number;
  purpose?: { consents: Record<number, boolean> };
  vendor?: { consents: Record<number, boolean> };
}
type Callback = (data: unknown, success: boolean) => void;
type Call = [command: string, version: number, callback: Callback, parameter?: number];

const page = window as unknown as { __tcfapi?: (...call: Call) => void };

/**
 * A consent platform after the CMP API v2: a stub that queues, then the platform itself, which tells each listener at once
 * what it knows, and again with every change.
 */
export class ConsentPlatform {
  readonly listeners = new Map<number, Callback>();
  private readonly queue: Call[] = [];
  private data: TcData = {};
  private count = 0;

  /** What a page has in its head. */
  installStub(): void {
    page.__tcfapi = (...call) => {
      if (call[0] === 'ping') call[2]({ cmpLoaded: false, cmpStatus: 'stub' }, true);
      else this.queue.push(call);
    };
  }

  /** The platform takes over from the stub, if there is one; undefined until it knows whether the GDPR applies. */
  load(gdprApplies?: boolean): void {
    // Without the GDPR there is no more to tell, not even an event.
    this.data = gdprApplies === undefined ? {} : { gdprApplies };
    page.__tcfapi = (...call) => this.take(call);
    for (const call of this.queue.splice(0)) this.take(call);
  }

  /** Tells all listeners: what purposes and vendors have consent, and why it is told. */
  tell(eventStatus: string, purposes: number[], vendors: number[] = []): void {
    const all = (ids: number[]) => Object.fromEntries(ids.map(id => [id, true]));
    this.data = {
      gdprApplies: true,
      eventStatus,
      purpose: { consents: { ...all(purposes), 2: false } },
      vendor: { consents: all(vendors) },
    };
    for (const [listenerId, callback] of this.listeners) callback({ ...this.data, listenerId }, true);
  }

  uninstall(): void {
    delete page.__tcfapi;
  }

  private take([command, version, callback, parameter]: Call): void {
    if (version !== 2) callback(null, false);
    else if (command === 'addEventListener') {
      const listenerId = ++this.count;
      this.listeners.set(listenerId, callback);
      callback({ ...this.data, listenerId }, true);
    } else if (command === 'removeEventListener') {
      const isKnown = this.listeners.delete(parameter as number);
      callback(isKnown, isKnown);
    } else callback(null, false);
  }
}
