import { identifyUser, type Jsonable, type Receipt, type UserMetadata } from 'utmost';
import full, { identifyCompany, identifyUser as identifyFully, track } from 'utmost/full';

// Metadata as sites have it typed: all of it compiles.

enum Plan {
  Free,
  Pro,
}
declare const brand: unique symbol;
type UserId = string & { readonly [brand]: 'user' };

interface Address {
  street: string;
  zip: string | undefined;
  city?: string;
}

interface User {
  id: UserId;
  email: string | undefined;
  name?: string;
  seats?: number;
  plan: Plan;
  since: Date;
  address: Address;
  others: readonly Address[];
  corner: [Address, number];
  manager?: User;
  site: URL;
  traits: Record<string, unknown>;
  notes: { [key: string]: Address };
  last: 'order' | 5 | Address | null;
  anything: unknown;
}
declare const user: User;

/** Its methods lie on the prototype, and what is private to it JSON does not see either. */
class Person {
  readonly #secrets = new Map<string, string>();
  name = 'Ada Holm';
  email?: string;
  address: Address = { street: 'Quay 1', zip: undefined };
  get initials(): string {
    return `${this.name}`.slice(0, 1);
  }
  tell(): string | undefined {
    return this.#secrets.get(this.name);
  }
}

/** It says what its JSON is, and so may hold what has none. */
class Money {
  constructor(private readonly cents: bigint) {}
  toJSON(): string {
    return `${this.cents}`;
  }
}

interface Tree {
  children: Tree[];
  parent?: Tree;
  save(): Promise<void>;
}
declare const tree: Tree;
declare const given: User | Tree | undefined | null;
declare const fetched: Record<string, unknown>;
declare const somebody: object;

export function declared(): Promise<Receipt>[] {
  return [
    identifyUser(user.id, user),
    identifyUser('1', { user, list: [user], deep: { er: { user } } }),
    identifyUser('1', { ...user, plan: 'pro' }),
    identifyUser('1', new Person()),
    identifyUser('1', { people: [new Person()], price: new Money(5n) }),
    identifyUser('1', tree),
    identifyUser('1', given),
    identifyUser('1', fetched),
    identifyUser('1', somebody),
    identifyUser('1', JSON.parse('{}')),
    identifyFully('1', user),
    full.identifyUser('1', new Person()),
    identifyCompany('1', user, 'example.com'),
    full.identifyCompany('1', { tree }),
    track('ordered', user),
    full.track('ordered', { lines: [new Person()], at: new Date() }),
  ];
}

export function annotated(): Promise<Receipt> {
  const metadata: UserMetadata = { email: undefined, address: user.address };
  const asIs: UserMetadata = user;
  return identifyUser('1', { ...metadata, ...asIs });
}

/** What is not known yet where it is written. */
export function generic<T extends User, K extends keyof T>(one: T, part: Pick<T, K>, many: T[]): unknown[] {
  return [identifyUser('1', one), identifyUser('1', { part, many }), track('x', one), wrapped('1', { one })];
}

function wrapped<T extends UserMetadata & Jsonable<T>>(id: string, metadata: T): Promise<Receipt> {
  return identifyUser(id, metadata);
}

export const handed: (id: string, user: User) => Promise<Receipt> = identifyUser;
