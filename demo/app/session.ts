/** The user who is logged in. */
export interface Session {
  userId: string;
  companyId: string;
  token: string;
  name: string;
  email: string;
  company: string;
  plan: string;
}

const KEY = 'kittiwake-session';

/** Loads the session of this tab, if somebody is logged in. */
export function loadSession(): Session | undefined {
  const text = sessionStorage.getItem(KEY);
  return text === null ? undefined : (JSON.parse(text) as Session);
}

export function saveSession(session: Session): void {
  sessionStorage.setItem(KEY, JSON.stringify(session));
}

export function clearSession(): void {
  sessionStorage.removeItem(KEY);
}

/**
 * Begins a session.
 *
 * The ids are made up from what was typed, so that the same person is the same user the next time. A real app has a
 * database and takes the ids from there: an e-mail address changes, a database id never does.
 */
export function createSession(name: string, email: string, company: string): Session {
  return {
    userId: `user_${hash(email.trim().toLowerCase())}`,
    companyId: `company_${hash(company.trim().toLowerCase())}`,
    token: `session_${randomHex()}`,
    name,
    email,
    company,
    plan: 'Cove',
  };
}

/**
 * Hashes a text by FNV-1a, 32 bits. Web Crypto has no digest on a page that came over plain http from another
 * host than localhost.
 */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193);
  return toHex(state);
}

function randomHex(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), toHex).join('');
}

function toHex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
