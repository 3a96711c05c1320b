// What a page without a kernel needs beside a widget's module.
export { renderStatic, StaticModel } from "../../src/shared/static-model";
