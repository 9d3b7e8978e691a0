import {finding, type LintRule} from './finding.ts';

/** Images without tag or digest, where some node says which images it holds. */
export const floatingImages: LintRule = ({classes, nodes}) => {
  if (nodes.every(({images}) => images.length === 0)) return [];
  return classes.flatMap((podClass) => {
    const {spec} = podClass;
    const floating = [...(spec.initContainers ?? []), ...spec.containers]
      .map(({image}) => image)
      .filter((image) => image !== undefined && isFloating(image));
    return floating.length === 0
      ? []
      : [finding('STW-4005', podClass, `no fixed tag: ${[...new Set(floating)].join(', ')}`)];
  });
};

/** The part behind the last slash has no tag and no digest, or the tag `latest`. */
function isFloating(image: string): boolean {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return !last.includes('@') && (!last.includes(':') || last.endsWith(':latest'));
}
