import { identifyUser } from 'utmost';
import { identifyUser as identifyFully } from 'utmost/full';

// A site that says what its own users' metadata is.

interface Team {
  name: string;
}
declare module 'utmost' {
  interface UserMetadata {
    plan?: 'free' | 'pro';
    team?: Team;
  }
}
declare module 'utmost/full' {
  interface UserMetadata {
    seats?: number;
  }
}
declare const team: Team;
declare const user: { plan: string };

export function identify(): void {
  identifyUser('1', { plan: 'pro', team, since: new Date() });
  identifyFully('1', { seats: 5, plan: 'any' });
  // @ts-expect-error no such plan
  identifyUser('1', { plan: 'gold' });
  // @ts-expect-error it may be any text
  identifyUser('1', user);
  // @ts-expect-error a number
  identifyFully('1', { seats: 'five' });
  // @ts-expect-error what is reserved stays so
  identifyUser('1', { plan: 'pro', name: 5 });
}
