/** The plot within an element as a PNG in base64, on the colour of the page. */
export function pictureOf(element: HTMLElement): string | undefined {
  const drawn = element.querySelector('canvas');
  if (!drawn) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width;
  canvas.height = drawn.height;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn, 0, 0);
  return canvas.toDataURL('image/png').split(',')[1];
}
