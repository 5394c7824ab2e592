import { RUNTIMES } from '../../e2e/runtimes/runtimes.ts';

/** The runtimes that the relay is run on, each in its version, in one line. */
export function runtimesLine(): string {
  const versions = RUNTIMES.flatMap(({ version = [] }) => version);
  return `${versions.slice(0, -1).join(', ')} and ${versions.at(-1)}`;
}
