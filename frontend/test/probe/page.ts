// What a page without a kernel needs in addition to a widget's module.
export { renderStatic, StaticModel } from "../../src/shared/static-model";
