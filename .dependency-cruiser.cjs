// Who may enter which room (the table in docs/ARCHITECTURE.md). Type imports count: a type from a room is knowledge of it.
const ROOMS = ['platform', 'lake', 'collect', 'govern', 'analyze', 'engage', 'improve'];
const MAY_IMPORT = {
  platform: [],
  lake: ['platform'],
  collect: ['platform', 'lake'],
  govern: ['platform', 'lake', 'collect'],
  analyze: ['platform', 'lake', 'govern'],
  engage: ['platform', 'analyze', 'govern'],
  improve: ['platform', 'engage', 'analyze', 'govern'],
};
/** Tests may stand on the shared test platform and on rooms whose data they plant. */
const NOT_TESTS = '\\.test\\.tsx?$|/testing(\\.ts|/)';

const roomRules = ROOMS.flatMap((room) => {
  const forbidden = ROOMS.filter((other) => other !== room && !MAY_IMPORT[room].includes(other));
  return [
    ...(forbidden.length === 0
      ? []
      : [
          {
            name: `${room}-keeps-to-earlier-rooms`,
            severity: 'error',
            comment: `${room} may import ${['contracts', 'kernel', ...MAY_IMPORT[room]].join(', ')}; use a port otherwise.`,
            from: { path: `^server/${room}/`, pathNot: NOT_TESTS },
            to: { path: `^server/(${forbidden.join('|')})/` },
          },
        ]),
    {
      name: `${room}-only-through-index`,
      severity: 'error',
      comment: `Only server/${room}/index.ts may be imported from outside the room.`,
      from: { path: '^(server|simulator|web|bench|test)/', pathNot: [`^server/${room}/`, NOT_TESTS] },
      to: { path: `^server/${room}/`, pathNot: [`^server/${room}/index\\.ts$`, NOT_TESTS] },
    },
  ];
});

module.exports = {
  forbidden: [
    ...roomRules,
    { name: 'contracts-stand-alone', severity: 'error', from: { path: '^contracts/' }, to: { path: '^(server|simulator|web|bench|test)/' } },
    { name: 'kernel-knows-no-room', severity: 'error', from: { path: '^server/kernel/' }, to: { path: '^server/(?!kernel/)' } },
    {
      name: 'rooms-do-not-import-the-wiring',
      severity: 'error',
      from: { path: `^server/(kernel|${ROOMS.join('|')})/`, pathNot: NOT_TESTS },
      to: { path: '^server/[^/]+\\.ts$' },
    },
    { name: 'simulator-speaks-from-outside', severity: 'error', from: { path: '^simulator/', pathNot: NOT_TESTS }, to: { path: '^(server|web|bench|test)/' } },
    { name: 'web-speaks-from-outside', severity: 'error', from: { path: '^web/', pathNot: NOT_TESTS }, to: { path: '^(server|simulator|bench|test)/' } },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(contracts|server|simulator|web)/', pathNot: NOT_TESTS },
      to: { path: '\\.test\\.tsx?$|^test/|^bench/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'nothing-unresolved', severity: 'error', from: { path: '^(contracts|server|simulator|web|bench|test)/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|data|node_modules)/|\\.css$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
