import { readFileSync } from 'node:fs';

// What is tested is what the README says: every recipe for the relay comes out of it.
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const section = readme.slice(
  readme.indexOf('\n## The relay'),
  readme.indexOf('\n## Which visit is credited'),
);

/** All code of the section, in its order. */
export const recipes = [...section.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code]) => `${code}`);
/** The rest of it, each paragraph in one line. */
export const prose = section.replace(/^```.*?^```$/gms, '').replace(/(?<!\n)\n(?!\n)/g, ' ');
const having = (mark: string) => recipes.find(code => code.includes(mark)) ?? '';

export const node = having('serve(');
export const nginx = having('location');
export const worker = having('export default');
export const userCom = having('userCom:');
