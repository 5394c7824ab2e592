import { buildDemo, LIBRARY } from '../demo/build.ts';

/** The tests drive what ships: all of it is built here where a change has outdated it. */
export default () => buildDemo(LIBRARY);
