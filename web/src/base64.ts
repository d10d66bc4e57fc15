export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
    const bytes = atob(text);
    const out = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) {
        out[i] = bytes.charCodeAt(i);
    }
    return out;
}
