export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
    const bytes = atob(text);
    const out = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) {
        out[i] = bytes.charCodeAt(i);
    }
    return out;
}

/** As subresource integrity has it. Rejects where a browser can't tell, as on a page without https. */
export async function integrityOf(content: BufferSource): Promise<string> {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
    return `sha256-${btoa(String.fromCharCode(...digest))}`;
}
