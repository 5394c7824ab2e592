import { fencesOf, readPage, withoutFences } from '../test/docs/pages.ts';

// What is tested is what the documentation says: every recipe for the relay comes out of it.
const text = readPage('docs/relay.md') + readPage('docs/user-com.md');

/** All code of both pages, in its order. */
export const recipes = fencesOf(text, 'js', 'ts', 'nginx', 'html', 'sh');
/** The rest of them, each paragraph in one line. */
export const prose = withoutFences(text).replace(/(?<!\n)\n(?!\n)/g, ' ');
const having = (mark: string) => recipes.find(code => code.includes(mark)) ?? '';

export const node = having('serve(');
export const nginx = having('location');
export const nginxCopies = having('upstream relays');
export const worker = having('export default');
export const userCom = having('userCom:');
