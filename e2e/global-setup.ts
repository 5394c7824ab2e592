import { buildDemo } from '../demo/build.ts';

/** The tests drive what ships: it is built here where a change has outdated it. */
export default buildDemo;
