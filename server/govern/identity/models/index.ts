/** Care of the identity model, as the rest of govern sees it. */
export { type ModelAnswers, type ModelCommand, runModelCommand } from './command.ts';
export { editionInUse, modelInUse, openModel } from './model-store.ts';
export { type Actor, commandActor, createIdentityModels, type IdentityModels, type TaskAsk } from './models.ts';
export { identityModelRoutes } from './routes.ts';
