/** Of the product, as `xinglin --version` and the OpenAPI document say it; the same as in package.json (tested). */
export const VERSION = '0.1.0';
